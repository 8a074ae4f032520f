import { createRequire } from 'node:module';
import { join, relative } from 'node:path';

// Holds the template against AWS's own schemas and rules, offline. Anything from WARN up fails the check; below that the
// validator only recalls which properties cannot be changed without a replacement.
type Validator = typeof import('@aws/cloudformation-validate');

// The package is CommonJS around WASM, whose names Node cannot tell for an import.
const { CelEngine, TemplateFile }: Validator = createRequire(import.meta.url)('@aws/cloudformation-validate');

const root = join(import.meta.dirname, '..');
const templates = process.argv.length > 2 ? process.argv.slice(2) : [join(root, 'cloudformation', 'okta-otp.yaml')];

const engine = new CelEngine();
for (const path of templates) {
  const { status, diagnostics } = engine.validateStandard(new TemplateFile(path), { severityLevel: 'WARN' });
  const name = relative(process.cwd(), path);
  for (const { severity, ruleId, entity, propertyPath, message, startLine } of diagnostics) {
    const where = [entity?.logicalId, propertyPath].filter((part) => part !== undefined).join(' ');
    process.stderr.write(`${name}:${startLine ?? '?'} ${severity} ${ruleId} ${where}: ${message}\n`);
  }
  // Without a complete analysis "no finding" would mean nothing.
  const isSound = status === 'OK' && diagnostics.length === 0;
  if (!isSound) process.exitCode = 1;
  process.stdout.write(`${name}: ${isSound ? 'no findings' : `${diagnostics.length} findings, analysis ${status}`}\n`);
}
engine.free();
