import { UsageError } from '../core/error.ts';
import type { Context } from './context.ts';

/** Several messages that reach somebody are asked for first, or have been agreed to with `--yes`. */
export async function agreeToSend(context: Context, count: number, yes: boolean | undefined): Promise<boolean> {
  if (yes === true) return true;
  if (!context.isInteractive) {
    throw new UsageError('confirmation-missing', `nobody can be asked here whether to send ${count} real messages`, {
      hint: 'pass --yes where that is meant, or --dry-run to send none',
    });
  }
  const typed = await context.ask(`Send ${count} real messages, at their price? Type "send":`);
  if (typed.trim() === 'send') return true;
  context.stderr.write('Nothing was sent.\n');
  return false;
}
