import { isNode, isScalar, visit } from 'yaml';
import type { StackDefinition } from './stack-definition.ts';
import { fingerprintOf } from './stack-fingerprint.ts';
import type { StackParameter } from './stack-parameters.ts';

export interface DeployableTemplate {
  readonly text: string;
  readonly bytes: number;
  /** Larger than what CloudFormation takes in the request itself, so that it has to go through the bucket. */
  readonly needsBucket: boolean;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const largestBody = 51_200;

const deploymentId = 'ApiDeployment';

/** What a deployment of an API is a snapshot of: everything of API Gateway's, but itself and the stage that shows it. */
const snapshotOf = /^AWS::ApiGateway::(?!Deployment$|Stage$)/;

/**
 * The text to deploy: the template with the hash of the API's definition behind the deployment's logical id, and without
 * comments, which are for readers of the file and would soon take it beyond what fits into a request.
 *
 * An `AWS::ApiGateway::Deployment` is never updated, so only one of another name shows what has changed.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigateway-deployment.html
 */
export function renderStackTemplate(
  definition: StackDefinition,
  parameters: readonly StackParameter[],
): DeployableTemplate {
  const api = Object.entries(definition.resources).filter(([, { Type }]) => snapshotOf.test(Type));
  const values = Object.fromEntries(
    parameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
  );
  const hash = fingerprintOf(
    definition,
    Object.fromEntries(api.map(([id, resource]) => [id, resource.definition])),
    values,
  );
  const document = definition.document.clone();
  const renamed = `${deploymentId}${hash}`;
  document.commentBefore = null;
  document.comment = null;
  visit(document, (_, node) => {
    if (!isNode(node)) return;
    node.commentBefore = null;
    node.comment = null;
    // The deployment itself, and whoever names it: only `Ref` and `DependsOn` do, and nothing else is called like it.
    if (isScalar(node) && node.value === deploymentId) node.value = renamed;
  });
  const text = document.toString({ lineWidth: 0, flowCollectionPadding: false });
  const bytes = Buffer.byteLength(text);
  return { text, bytes, needsBucket: bytes > largestBody };
}
