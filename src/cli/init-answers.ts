import type { Decoded, Decoder } from '../core/decode.ts';
import { decode, integer, string } from '../core/decode.ts';
import { UsageError } from '../core/error.ts';
import { parseLocale } from '../core/locale.ts';
import {
  audience,
  clientId,
  environmentName,
  environmentNameExpected,
  issuer,
  profile,
  region,
  scope,
} from '../deploy/setting-forms.ts';
import type { Context } from './context.ts';

/** What `init` has to know, each by a flag or by a question. */
export interface InitAnswers {
  readonly env: string;
  readonly region: string;
  readonly profile: string | undefined;
  readonly issuer: string;
  readonly clientIds: readonly string[];
  readonly scope: string | undefined;
  readonly audience: string | undefined;
  readonly org: string;
  /** Canonical, and shipped. */
  readonly languages: readonly string[];
  readonly peakPerSecond: number | undefined;
  readonly production: boolean;
}

/** As commander has parsed them. */
export interface InitFlags {
  readonly config?: string;
  readonly env?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly issuer?: string;
  readonly clientId?: string;
  readonly scope?: string;
  readonly audience?: string;
  readonly org?: string;
  readonly languages?: string;
  readonly peakPerSecond?: string;
  readonly production?: boolean;
  /** False with `--no-detect`. */
  readonly detect: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export interface Known {
  /** Of the environment and the profile. */
  readonly region: string | undefined;
  /** The languages that the package ships. */
  readonly shipped: readonly string[];
  /** The environments that okta-otp.json has. */
  readonly taken: readonly string[];
}

/** Something that `init` has to know: how it is called and asked for, and how an answer is read. */
interface Question<T> {
  readonly flag: string;
  readonly given: string | undefined;
  readonly question: string;
  /** Taken when nothing is typed; undefined where something has to be. */
  readonly fallback: string | undefined;
  readonly parse: (typed: string) => Decoded<T>;
}

/**
 * Collects the answers: from the flags, then from a person, then from the defaults. Throws with everything that is wrong or
 * missing at once, except for what a person is asked again for.
 */
export async function collectAnswers(context: Context, flags: InitFlags, known: Known): Promise<InitAnswers> {
  const questions = questionsFor(flags, known);
  const wrong = Object.values(questions).flatMap(({ flag, given, parse }) => {
    const parsed = given === undefined ? undefined : parse(given);
    return parsed === undefined || parsed.ok ? [] : parsed.problems.map(({ message }) => `${flag} ${message}`);
  });
  const asks = context.isInteractive && flags.yes !== true;
  const missing = asks
    ? []
    : Object.values(questions)
        .filter(({ given, fallback }) => given === undefined && fallback === undefined)
        .map(({ flag }) => `${flag} is missing`);
  if (wrong.length + missing.length > 0) {
    throw new UsageError(
      'init-incomplete',
      `init cannot begin:${[...wrong, ...missing].map((line) => `\n  ${line}`).join('')}`,
      {
        hint: 'nothing was written; okta-otp init --help lists what each takes',
      },
    );
  }
  const answer = async <T>({ given, question, fallback, parse }: Question<T>): Promise<T> => {
    if (given !== undefined) return accepted(parse(given));
    if (!asks) return accepted(parse(fallback ?? ''));
    const shown = fallback === undefined || fallback === '' ? question : `${question} [${fallback}]`;
    for (;;) {
      const typed = (await context.ask(shown)).trim();
      const parsed = parse(typed === '' ? (fallback ?? '') : typed);
      if (parsed.ok) return parsed.value;
      context.stderr.write(`  It ${parsed.problems.map(({ message }) => message).join('; ')}.\n`);
    }
  };
  // One after the other, in the order in which a person is asked.
  const env = await answer(questions.env);
  const isProduction = /^prod(uction)?$/.test(env) ? 'yes' : 'no';
  return {
    env,
    region: await answer(questions.region),
    profile: await answer(questions.profile),
    issuer: await answer(questions.issuer),
    clientIds: await answer(questions.clientIds),
    scope: await answer(questions.scope),
    audience: await answer(questions.audience),
    org: await answer(questions.org),
    languages: await answer(questions.languages),
    peakPerSecond: await answer(questions.peakPerSecond),
    production: await answer({ ...questions.production, fallback: isProduction }),
  };
}

function questionsFor(flags: InitFlags, { region: found, shipped, taken }: Known) {
  return {
    env: {
      flag: '--env',
      given: flags.env,
      question: 'Name of the environment',
      fallback: taken.length === 0 ? 'dev' : undefined,
      parse: (typed) => {
        if (taken.includes(typed)) return refused('is an environment of the file already: change it there');
        return decode(string({ pattern: environmentName, expected: environmentNameExpected }), typed);
      },
    },
    region: {
      flag: '--region',
      given: flags.region,
      question: 'AWS Region',
      fallback: found,
      parse: (typed) => decode(region, typed),
    },
    profile: {
      flag: '--profile',
      given: flags.profile,
      question: 'AWS profile (empty for the default credentials)',
      fallback: '',
      parse: (typed) => orNothing(profile, typed),
    },
    issuer: {
      flag: '--issuer',
      given: flags.issuer,
      question: 'Issuer URI of the custom authorization server in Okta',
      fallback: undefined,
      parse: (typed) => decode(issuer, typed),
    },
    clientIds: {
      flag: '--client-id',
      given: flags.clientId,
      question: "Client id of the hook's app in Okta (empty if it does not exist yet)",
      fallback: '',
      parse: (typed) => {
        const parsed = orNothing(clientId, typed);
        return parsed.ok ? { ok: true, value: parsed.value === undefined ? [] : [parsed.value] } : parsed;
      },
    },
    scope: {
      flag: '--scope',
      given: flags.scope,
      question: "Scope of the hook's token (empty if it does not exist yet)",
      fallback: '',
      parse: (typed) => orNothing(scope, typed),
    },
    audience: {
      flag: '--audience',
      given: flags.audience,
      question: 'Audience of the authorization server (empty for api://default)',
      fallback: '',
      parse: (typed) => orNothing(audience, typed),
    },
    org: {
      flag: '--org',
      given: flags.org,
      question: 'Name of your organization, as messages show it',
      fallback: undefined,
      parse: (typed) => decode(string({ max: 64 }), typed),
    },
    languages: {
      flag: '--languages',
      given: flags.languages,
      question: `Languages of messages, with commas, or "all" (${shipped.length} are shipped)`,
      // The only one that a person has reviewed.
      fallback: 'en',
      parse: (typed) => toLanguages(typed, shipped),
    },
    peakPerSecond: {
      flag: '--peak-per-second',
      given: flags.peakPerSecond,
      question: 'Codes a second that you expect at the busiest time (empty if you do not know)',
      fallback: '',
      parse: (typed) => orNothing(integer({ min: 1, max: 10_000 }), typed === '' ? '' : Number(typed)),
    },
    production: {
      flag: '--production',
      given: flags.production === undefined ? undefined : flags.production ? 'yes' : 'no',
      question: 'Is this production, where a change asks for its name? (yes/no)',
      fallback: 'no',
      parse: (typed): Decoded<boolean> =>
        /^(y|yes|n|no)$/i.test(typed) ? { ok: true, value: /^y/i.test(typed) } : refused('must be yes or no'),
    },
  } satisfies Readonly<Record<string, Question<unknown>>>;
}

const refused = (message: string): Decoded<never> => ({ ok: false, problems: [{ path: '', message }] });

const orNothing = <T>(decoder: Decoder<T>, typed: unknown): Decoded<T | undefined> =>
  typed === '' ? { ok: true, value: undefined } : decode(decoder, typed);

function toLanguages(typed: string, shipped: readonly string[]): Decoded<readonly string[]> {
  if (typed === 'all') return { ok: true, value: shipped };
  const wanted = typed.split(',').map((tag) => parseLocale(tag));
  const unknown = wanted.some((tag) => tag === undefined || !shipped.includes(tag));
  return unknown
    ? refused(`must be languages of these: ${shipped.join(', ')}`)
    : { ok: true, value: [...new Set(wanted.filter((tag) => tag !== undefined))] };
}

/** An answer that has been looked at before. */
function accepted<T>(parsed: Decoded<T>): T {
  if (parsed.ok) return parsed.value;
  throw new TypeError('an answer was taken before it was looked at');
}
