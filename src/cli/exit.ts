/** How a command ends. https://tldp.org/LDP/abs/html/exitcodes.html for 130 */
export const exit = {
  /** Done, also when there was nothing to do. */
  done: 0,
  /** AWS or Okta refused, failed or timed out; or a bug. */
  failed: 1,
  /** The command line, the configuration or a file of the catalog is wrong. */
  usage: 2,
  /** It worked, and the answer is "not good". */
  notGood: 3,
  /** Credentials are missing, expired or not allowed. */
  credentials: 4,
  /** The person said no, or Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];
