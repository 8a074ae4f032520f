import type { Decoder } from '../core/decode.ts';
import { integer, refine, string } from '../core/decode.ts';

// How single settings of okta-otp.json have to look. Each is a pattern, so that the JSON schema can say the same.

/** What stands behind `--env`: it becomes part of names in AWS, and is typed to confirm. */
export const environmentName = /^[a-z][a-z0-9-]{0,30}$/;
export const environmentNameExpected = 'lower-case letters, digits and hyphens, such as prod';

export const region: Decoder<string> = string({
  pattern: /^[a-z]{2,4}(-[a-z]+){1,3}-[0-9]{1,2}$/,
  expected: 'an AWS Region such as eu-west-1',
});

export const profile: Decoder<string> = string({
  pattern: /^[^\s[\]]+$/,
  expected: 'the name of a profile, without spaces',
});

export const account: Decoder<string> = string({
  pattern: /^[0-9]{12}$/,
  expected: 'the twelve digits of an account, as a string',
});

/**
 * A stack may have 128 characters. The configuration set has the same name, and may have 64; the firewall's metric may have
 * 128, and must not be called `All`. Everything else that is named after the stack may be longer, or CloudFormation cuts it.
 * https://docs.aws.amazon.com/pinpoint/latest/apireference_smsvoicev2/API_CreateConfigurationSet.html
 * https://docs.aws.amazon.com/waf/latest/APIReference/API_VisibilityConfig.html
 */
export const stackName: Decoder<string> = string({
  pattern: /^(?!All$)[A-Za-z][A-Za-z0-9-]{0,63}$/,
  expected: '1 to 64 letters, digits and hyphens, a letter first, and not All, which AWS WAF keeps for itself',
});

/**
 * What the names that are made up here begin with. A bucket's is the shortest: 63 characters, of which the account takes 12
 * and the Region up to 17; and how it may not begin. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const namePrefix: Decoder<string> = string({
  pattern: /^(?!xn--|sthree-|amzn-s3-demo-)[a-z]([a-z0-9-]{0,30}[a-z0-9])?$/,
  expected:
    '1 to 32 lower-case letters, digits and hyphens, a letter first and no hyphen last, and nothing that S3 keeps for itself (xn--, sthree-, amzn-s3-demo-)',
});

/** Folders of the artifact bucket. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const artifactPrefix: Decoder<string> = string({
  max: 256,
  pattern: /^[A-Za-z0-9_-][A-Za-z0-9_.-]*(\/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*$/,
  expected: 'folders without a slash at either end, such as tools/okta-otp',
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
export const bucketName: Decoder<string> = string({
  pattern: /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
  expected: '3 to 63 lower-case letters, digits and hyphens',
});

/** An issuer other than a custom authorization server's would be of no use: nobody but Okta can verify its tokens. */
export const issuer: Decoder<string> = string({
  max: 512,
  pattern: /^https:\/\/[a-z0-9-]+(\.[a-z0-9-]+)+\/oauth2\/[A-Za-z0-9_-]+$/,
  expected: "a custom authorization server's issuer such as https://example.okta.com/oauth2/default",
});

export const audience: Decoder<string> = string({
  max: 1024,
  pattern: /^[!-~]+$/,
  expected: 'free of spaces, such as api://default',
});

/** Without commas: the authorizer gets all of them in one variable. */
export const clientId: Decoder<string> = string({
  max: 100,
  pattern: /^[!-+\--~]+$/,
  expected: 'a client id such as 0oab1cd2EF3gh4IJ5k6',
});

export const scope: Decoder<string> = string({
  max: 256,
  pattern: /^[!-~]+$/,
  expected: 'one scope, without spaces',
});

/** https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html */
export const stage: Decoder<string> = string({
  pattern: /^[A-Za-z0-9_-]{1,128}$/,
  expected: 'letters, digits, hyphens and underscores',
});

export const hookPath: Decoder<string> = string({
  pattern: /^\/[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/,
  expected: 'one segment with a slash in front, such as /mfa',
});

const group = '[0-9A-Fa-f]{1,4}';
/** `1:2::7:8` for every number of groups in front of the gap; with one before it at most six may follow. */
const gapped = [1, 2, 3, 4, 5, 6].map((before) => `(${group}:){${before}}(:${group}){1,${7 - before}}`);
const ipv6 = [`(${group}:){7}${group}`, `(${group}:){1,7}:`, ...gapped, `:(:${group}){1,7}`, '::'].join('|');
const octet = '(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])';

/** WAF takes every prefix but /0. https://docs.aws.amazon.com/waf/latest/APIReference/API_IPSet.html */
export const addressBlock: Decoder<string> = string({
  pattern: new RegExp(
    `^(${octet}(\\.${octet}){3}/([1-9]|[12][0-9]|3[0-2])|(${ipv6})/([1-9]|[1-9][0-9]|1[01][0-9]|12[0-8]))$`,
  ),
  expected: 'a block of addresses such as 203.0.113.0/24 or 2001:db8::/32',
});

export const email: Decoder<string> = string({
  max: 320,
  pattern: /^[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+$/,
  expected: 'an e-mail address',
});

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
export const retentionDays: Decoder<number> = refine(integer(), (days, refuse) =>
  retentions.includes(days) ? days : refuse(`must be one of ${retentions.join(', ')}`),
);

/** The rules of all services that take tags at once. https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
export const tagKey = /^(?![Aa][Ww][Ss]:)[A-Za-z0-9_.:/=+@-][A-Za-z0-9 _.:/=+@-]{0,127}$/;
export const tagKeyExpected = 'letters, digits and _.:/=+@-, and not begin with aws:';
export const tagValue: Decoder<string> = string({
  pattern: /^[A-Za-z0-9_.:/=+@-][A-Za-z0-9 _.:/=+@-]{0,255}$/,
  expected: 'letters, digits, spaces and _.:/=+@-',
});
