import { object, optional } from '../../core/decode.ts';
import { text } from '../query-protocol.ts';
import type { Action } from './action.ts';
import { action, bodyOf, neededCapabilities } from './action.ts';
import { validationError } from './refusals.ts';
import type { Template } from './template.ts';
import { parseTemplate } from './template.ts';

/** The template as it was submitted. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplate.html */
const getTemplate = action(
  false,
  object({ StackName: optional(text), ChangeSetName: optional(text), TemplateStage: optional(text) }),
  (input, { account }) => {
    const { StackName: stackName, ChangeSetName: changeSetName, TemplateStage: stage = 'Original' } = input;
    if (stage !== 'Original') throw validationError('Only the original template is emulated.');
    const stages = { StagesAvailable: ['Original', 'Processed'] };
    if (changeSetName !== undefined) {
      const { changeSet } = account.findChangeSet(changeSetName, stackName);
      return { TemplateBody: changeSet.desired.body, ...stages };
    }
    const stack = account.find(stackName ?? '');
    if (stack === undefined) throw validationError(`Stack with id ${stackName ?? ''} does not exist`);
    return { TemplateBody: stack.desired?.body ?? '', ...stages };
  },
);

const getTemplateSummary = action(
  false,
  object({ StackName: optional(text), TemplateBody: optional(text), TemplateURL: optional(text) }),
  async (input, { account, readObject }) => {
    const { StackName: stackName } = input;
    if (stackName === undefined) return summaryOf(parseTemplate(await bodyOf(input, undefined, readObject)));
    const template = account.find(stackName)?.desired?.template;
    if (template === undefined) throw validationError(`Stack with id ${stackName} does not exist`);
    return summaryOf(template);
  },
);

const summaryOf = (template: Template) => ({
  ...describe(template),
  Parameters: Object.entries(template.parameters).map(([key, parameter]) => ({
    ParameterKey: key,
    DefaultValue: parameter.default,
    ParameterType: parameter.type,
    NoEcho: parameter.noEcho,
    Description: parameter.description,
    ParameterConstraints: { AllowedValues: parameter.allowedValues ?? [] },
  })),
  ResourceTypes: [...new Set(Object.values(template.resources).map(({ type }) => type))],
  Metadata: template.metadata === undefined ? undefined : JSON.stringify(template.metadata),
  Version: '2010-09-09',
});

const describe = (template: Template) => {
  const capabilities = neededCapabilities(template);
  const types = Object.values(template.resources)
    .map(({ type }) => type)
    .filter((type) => type.startsWith('AWS::IAM::'));
  return {
    Description: template.description,
    Capabilities: capabilities,
    CapabilitiesReason:
      capabilities.length === 0
        ? undefined
        : `The following resource(s) require capabilities: [${[...new Set(types)].join(', ')}]`,
  };
};

const validateTemplate = action(
  false,
  object({ TemplateBody: optional(text), TemplateURL: optional(text) }),
  async (input, { readObject }) => {
    const template = parseTemplate(await bodyOf(input, undefined, readObject));
    return {
      ...describe(template),
      Parameters: Object.entries(template.parameters).map(([key, parameter]) => ({
        ParameterKey: key,
        DefaultValue: parameter.default,
        NoEcho: parameter.noEcho,
        Description: parameter.description,
      })),
    };
  },
);

export const templateActions: Readonly<Record<string, Action>> = {
  GetTemplate: getTemplate,
  GetTemplateSummary: getTemplateSummary,
  ValidateTemplate: validateTemplate,
};
