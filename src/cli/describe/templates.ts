import type { Command } from 'commander';
import { Option } from 'commander';
import type { Channel } from '../../core/channel.ts';
import { channels } from '../../core/channel.ts';
import type { RequestType } from '../../core/request-type.ts';
import { requestTypes } from '../../core/request-type.ts';
import type { Context } from '../context.ts';
import { dirHelp } from '../default-folder.ts';
import type { ExitCode } from '../exit.ts';

/** Describes the commands `templates …`; what one does is imported when it is called. */
export function describeTemplates(program: Command, context: Context, onEnd: (code: ExitCode) => void): void {
  const templates = program
    .command('templates')
    .summary('write the texts of messages, and see how they arrive')
    .description(
      'Works on the texts of messages: files of the folder, one a language. Nothing is sent, nor published unless you say so, and no AWS account is needed. Where the folder has no templates, those that the package ships are shown.',
    );
  const described = (name: string, summary: string, description: string) =>
    templates
      .command(name)
      .summary(summary)
      .description(description)
      .option('--dir <folder>', dirHelp)
      .option('--env <name>', 'environment of okta-otp.json whose files they are (default: the only one)')
      .addOption(new Option('--json', 'print the result (and errors) as JSON'));

  described(
    'validate',
    'find what is wrong with the catalog, all of it at once',
    'Checks every file of the catalog: whether it can be read, what its messages cost, what a voice would stumble over, what carriers filter. Ends with 3 when there is an error; docs/lint.md explains the rules.',
  ).action(async (flags: TemplatesFlags) => {
    const { validateTemplates } = await import('../commands/templates-validate.ts');
    onEnd(await validateTemplates(context, flags));
  });

  described(
    'list',
    'list the texts with their parts and encoding',
    'Lists every text: language, channel, request type, message parts with a code of 8 digits, encoding, voice, and whether a native speaker has read it.',
  ).action(async (flags: TemplatesFlags) => {
    const { listTemplates } = await import('../commands/templates-list.ts');
    onEnd(await listTemplates(context, flags));
  });

  described(
    'preview',
    'show a message as the phone would, and why this text was chosen',
    'Chooses a text as the sender would for a user of this locale, fills it with the code 123456, and draws what the phone shows or says.',
  )
    .argument('[locale]', "locale of the Okta user (default: the catalog's default)")
    .addOption(new Option('--channel <channel>', 'how the code travels').choices(channels).default('sms'))
    .addOption(new Option('--request-type <type>', 'what the code is for').choices(requestTypes))
    .option('--first-name <name>', 'first name of the user')
    .option('--org <name>', "name of the organization (default: the catalog's)")
    .action(async (locale: string | undefined, flags: TemplatesPreviewFlags) => {
      const { previewTemplate } = await import('../commands/templates-preview.ts');
      onEnd(await previewTemplate(context, locale, flags));
    });

  described('show', 'show all texts of a language', 'Shows all texts of a language as they are written.')
    .argument('<locale>', 'the language, as list shows it')
    .action(async (locale: string, flags: TemplatesFlags) => {
      const { showTemplates } = await import('../commands/templates-show.ts');
      onEnd(await showTemplates(context, locale, flags));
    });

  const withText = (command: Command) =>
    command
      .addOption(new Option('--request-type <type>', 'the text is for this request type alone').choices(requestTypes))
      .option('--sms <text>', 'text of the SMS; {{otp}} becomes the code')
      .option('--voice <text>', 'what a voice says: plain words, or SSML')
      .option('--no-voice', 'has no text for calls')
      .option('--voice-id <voice>', 'who says it, such as JOANNA')
      .option('--reviewed', 'a native speaker has read the language');
  const inTable = (command: Command) =>
    command
      .option('--region <region>', "AWS Region (default: the SDK's own)")
      .option('--profile <name>', 'profile of the AWS configuration files (default: as for the AWS CLI)');

  inTable(
    withText(
      described(
        'add',
        'add a language, or a text for one request type',
        "Adds a language to the folder, or a text for one request type to a language. It starts from the package's texts of that language, or the nearest one. Asks for what is not given where somebody can answer, shows the message as it will arrive, checks it, and writes nothing that is not sound.",
      ),
    )
      .argument('[locale]', 'the language as a BCP 47 tag, such as es-MX')
      .option('--from <locale>', 'take the texts of this language to start with')
      .option('--yes', 'do not ask anything')
      .option('--table <name>', 'the catalog table to offer publishing to (default: OKTA_OTP_CATALOG_TABLE)'),
  ).action(async (locale: string | undefined, flags: TemplatesAddFlags) => {
    const { addTemplates } = await import('../commands/templates-add.ts');
    onEnd(await addTemplates(context, locale, flags));
  });

  withText(
    described(
      'edit',
      'change the texts of a language',
      'Changes what the options name and leaves the rest of the file as it is. Without options it opens the file in $VISUAL or $EDITOR, on a copy: what is not sound is not written.',
    ),
  )
    .argument('<locale>', 'the language, as list shows it')
    .option('--no-reviewed', 'no native speaker has read the language')
    .action(async (locale: string, flags: TemplatesTextFlags) => {
      const { editTemplates } = await import('../commands/templates-edit.ts');
      onEnd(await editTemplates(context, locale, flags));
    });

  inTable(
    described(
      'import',
      "take over the texts of the AWS guidance's sample data, or of its table",
      'Reads items of the AWS guidance for Okta (id, messagetype, language, message, voiceid) from a file or a live table, turns @otp and @otp2 into {{otp}}, and says what got better. Nothing is written when an item is not sound; languages of the folder are overwritten only when somebody has said so.',
    )
      .argument(
        '[file]',
        'DynamoDB JSON: items with titles and dashed lines between them, a list, or what a scan prints',
      )
      .option('--from-table <name>', 'read the items from this table'),
  )
    .option('--gsm7', 'replace characters that force UCS-2 where the language can do without (código → codigo)')
    .option('--reviewed', 'native speakers have read these texts')
    .option('--dry-run', 'show what would be written, and write nothing')
    .option('--yes', 'overwrite languages of the folder without asking; needed where nobody can answer')
    .action(async (file: string | undefined, flags: TemplatesImportFlags) => {
      const { importTemplates } = await import('../commands/templates-import.ts');
      onEnd(await importTemplates(context, file, flags));
    });

  described('remove', 'delete a language from the folder', "Deletes a language's file from the folder.")
    .argument('<locale>', 'the language, as list shows it')
    .option('--yes', 'do not ask; needed where nobody can answer')
    .action(async (locale: string, flags: TemplatesRemoveFlags) => {
      const { removeTemplates } = await import('../commands/templates-remove.ts');
      onEnd(await removeTemplates(context, locale, flags));
    });
}

/** As commander has parsed them. */
export interface TemplatesFlags {
  readonly dir?: string;
  readonly env?: string;
  readonly json?: boolean;
}

export interface TemplatesPreviewFlags extends TemplatesFlags {
  readonly channel: Channel;
  readonly requestType?: RequestType;
  readonly firstName?: string;
  readonly org?: string;
}

export interface TemplatesRemoveFlags extends TemplatesFlags {
  readonly yes?: boolean;
}

/** Texts as they are given on the command line; without a request type those for every one. */
export interface TemplatesTextFlags extends TemplatesFlags {
  readonly requestType?: RequestType;
  readonly sms?: string;
  /** false: there are no calls in this language. */
  readonly voice?: string | false;
  readonly voiceId?: string;
  readonly reviewed?: boolean;
}

export interface TemplatesAddFlags extends TemplatesTextFlags {
  readonly from?: string;
  readonly yes?: boolean;
  readonly table?: string;
  readonly region?: string;
  readonly profile?: string;
}

export interface TemplatesImportFlags extends TemplatesFlags {
  readonly fromTable?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly gsm7?: boolean;
  readonly reviewed?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}
