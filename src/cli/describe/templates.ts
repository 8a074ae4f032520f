import type { Command } from 'commander';
import { Option } from 'commander';
import type { Channel } from '../../core/channel.ts';
import { channels } from '../../core/channel.ts';
import type { RequestType } from '../../core/request-type.ts';
import { requestTypes } from '../../core/request-type.ts';
import type { Context } from '../context.ts';
import type { ExitCode } from '../exit.ts';
import { defaultFolder } from '../workspace.ts';

/** Describes the commands `templates …`; what one does is imported when it is called. */
export function describeTemplates(program: Command, context: Context, onEnd: (code: ExitCode) => void): void {
  const templates = program
    .command('templates')
    .summary('write the texts of messages, and see how they arrive')
    .description(
      'Works on the texts of messages: files of the folder, one a language. Nothing is sent or published, and no AWS account is needed. Where the folder has no templates, those that the package ships are shown.',
    );
  const described = (name: string, summary: string, description: string) =>
    templates
      .command(name)
      .summary(summary)
      .description(description)
      .option('--dir <folder>', `folder of the catalog's files (default: ${defaultFolder})`)
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
