import { parseJson, renderProblems } from '../core/decode.ts';
import { UsageError } from '../core/error.ts';
import type { Assignment, HookBody } from '../core/hook-contract.ts';
import { checkAssignment, checkHookBody, contractPaths, pathsLike, setField } from '../core/hook-contract.ts';
import { dryRunPrefix } from '../core/hook-request.ts';
import { parseLocale } from '../core/locale.ts';
import { parsePhone } from '../core/phone.ts';
import { requestTypePrefix } from '../core/request-type.ts';
import { oktaChannel, simulateRequest, timesOf } from '../core/simulated-request.ts';
import type { Context } from './context.ts';
import type { RequestFlags } from './describe/test-call.ts';
import { nearest } from './nearest.ts';
import { readText } from './read-text.ts';

/** Makes a request with an event id and times of its own, whenever it is called. */
export type MakeRequest = () => HookBody;

/**
 * Reads what a request shall be from the command line, and checks all of it against the contract before anything is sent:
 * the file of `--from` or the documented sample, then the options by name, then every `--set`.
 */
export async function readRequest(
  context: Context,
  phone: string | undefined,
  flags: RequestFlags,
): Promise<MakeRequest> {
  const options = assignmentsOf(phone, flags);
  const sets = (flags.set ?? []).map(parseAssignment);
  const file = flags.from === undefined ? undefined : await readBody(context, flags.from);
  if (file === undefined && phone === undefined && !sets.some(({ path }) => path === phonePath)) {
    throw new UsageError('phone-missing', 'there is no number to send to', {
      hint: 'okta-otp test-call +34612345678',
    });
  }
  const eventId = sets.findLast(({ path }) => path === 'eventId')?.value;
  if (flags.dryRun === true && eventId?.startsWith(dryRunPrefix) === false) {
    throw new UsageError('set-value-invalid', '"--set": this eventId would make the dry run send a message', {
      hint: `begin it with ${dryRunPrefix}, or leave out --dry-run`,
    });
  }
  const otp = sets.findLast(({ path }) => path === 'data.messageProfile.otpCode')?.value ?? flags.otp;
  const make: MakeRequest = () => {
    const now = context.clock.now();
    const eventId = `${flags.dryRun === true ? dryRunPrefix : ''}${context.newId()}`;
    const base = file === undefined ? sampleOf(context, { eventId, now, otp, flags }) : renew(file, eventId, now);
    return [...options, ...sets].reduce(setField, base);
  };
  const checked = checkHookBody(make());
  if (!checked.ok) {
    throw new UsageError('request-invalid', renderProblems(checked.problems, 'the request'), {
      hint: 'okta-otp test-call +34612345678 --print shows one as Okta documents it',
    });
  }
  if (checked.value.unknownPaths.length > 0) {
    const names = checked.value.unknownPaths.map((path) => (/^[\w.]{1,128}$/.test(path) ? path : 'a field')).join(', ');
    context.stderr.write(`Sent as they are, though the contract does not have them: ${names}.\n`);
  }
  return make;
}

const phonePath = 'data.messageProfile.phoneNumber';

interface Sample {
  readonly eventId: string;
  readonly now: number;
  /** The one that is asked for; Okta's own text has it, too. */
  readonly otp: string | undefined;
  readonly flags: RequestFlags;
}

function sampleOf(context: Context, { eventId, now, otp, flags }: Sample): HookBody {
  return simulateRequest({
    eventId,
    now,
    channel: flags.channel ?? 'sms',
    requestType: flags.requestType ?? 'mfa-verification',
    // Set afterwards by whatever names it.
    phoneNumber: '',
    otp: otp ?? String(context.randomInt(1_000_000)).padStart(6, '0'),
    locale: flags.locale ?? 'en-US',
  });
}

/** A request that was sent once has an event id that was answered, and a code that has expired. */
const renew = (body: HookBody, eventId: string, now: number): HookBody => {
  const { eventTime, otpExpires } = timesOf(now);
  return [
    { path: 'eventId', value: eventId },
    { path: 'eventTime', value: eventTime },
    { path: 'data.messageProfile.otpExpires', value: otpExpires },
  ].reduce(setField, body);
};

/** The options by name as fields, each checked in the words of its option. */
function assignmentsOf(phone: string | undefined, flags: RequestFlags): readonly Assignment[] {
  const { channel, locale, requestType, otp } = flags;
  const found: Assignment[] = [];
  if (phone !== undefined) {
    const parsed = parsePhone(phone);
    if (!parsed.ok) {
      throw new UsageError('phone-invalid', `the phone ${parsed.problems[0]?.message ?? 'is not valid'}`, {
        hint: 'okta-otp test-call +34612345678',
      });
    }
    found.push({ path: phonePath, value: parsed.value.e164.reveal() });
  }
  if (locale !== undefined && parseLocale(locale) === undefined) {
    throw new UsageError('locale-invalid', '"--locale" must be a BCP 47 tag', { hint: 'for example --locale es-MX' });
  }
  if (otp !== undefined && !/^\d{4,10}$/.test(otp)) {
    throw new UsageError('otp-invalid', '"--otp" must be 4 to 10 digits', { hint: 'for example --otp 123456' });
  }
  if (locale !== undefined) found.push({ path: 'data.messageProfile.locale', value: locale });
  if (otp !== undefined) found.push({ path: 'data.messageProfile.otpCode', value: otp });
  if (requestType !== undefined) found.push({ path: 'requestType', value: `${requestTypePrefix}${requestType}` });
  if (channel !== undefined) found.push({ path: 'data.messageProfile.deliveryChannel', value: oktaChannel(channel) });
  return found;
}

function parseAssignment(written: string): Assignment {
  const at = written.indexOf('=');
  if (at < 1) {
    throw new UsageError('set-invalid', '"--set" takes a path, an equals sign and a value', {
      hint: '--set data.messageProfile.locale=pt-BR',
    });
  }
  const assignment = { path: written.slice(0, at), value: written.slice(at + 1) };
  const [problem] = checkAssignment(assignment);
  if (problem === undefined) return assignment;
  if (!contractPaths.includes(assignment.path)) {
    const like = pathsMeantBy(assignment.path);
    throw new UsageError('set-path-unknown', '"--set" names a field that the hook request does not have', {
      hint: like.length > 0 ? `did you mean ${like.join(' or ')}?` : `it has ${contractPaths.join(', ')}`,
    });
  }
  throw new UsageError('set-value-invalid', `"--set": ${problem.path} ${problem.message}`, {
    hint: 'okta-otp test-call +34612345678 --print shows every field with a value',
  });
}

/** The same name elsewhere, then the same path with a slip of the finger, then a slip in its last name alone. */
function pathsMeantBy(path: string): readonly string[] {
  const like = pathsLike(path);
  if (like.length > 0) return like;
  const lastOf = (of: string) => of.slice(of.lastIndexOf('.') + 1);
  const whole = nearest(path, contractPaths);
  if (whole !== undefined) return [whole];
  const last = nearest(lastOf(path), contractPaths.map(lastOf));
  return contractPaths.filter((known) => lastOf(known) === last);
}

async function readBody({ cwd }: Context, file: string): Promise<HookBody> {
  const json = parseJson(await readText(cwd, file, 'the request of --from'));
  const checked = json.ok ? checkHookBody(json.value) : json;
  if (!checked.ok) {
    throw new UsageError('request-invalid', `"--from": ${renderProblems(checked.problems, 'the request')}`, {
      hint: 'okta-otp test-call +34612345678 --save request.json writes one as Okta documents it',
    });
  }
  return checked.value.body;
}
