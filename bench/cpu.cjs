// Required before a program: tells the microseconds of CPU, user and system, that its whole process took.
const { writeSync } = require('node:fs');
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeSync(2, `\ncpu ${user + system}\n`);
});
