// What the service says when it refuses: one value per refusal, with the status and the body of the real service.
// Bodies are `{$id, innerException, message, typeName, typeKey, errorCode, eventId}`; rule errors add `customProperties`.
//
// Seen in answers of the service, and safe to rely on: TF401232, TF401320 with its RuleValidationErrors, TF401326, TF401347,
// TF51005, TF51006, TF51011, TF51535, TF400898, TF401324, TF201035, TF201036, TF200016, TF400733, TF400813, VS402323, VS402337, VS402625, VS403351 (412,
// TestPatchOperationFailedException), "Relation already exists.". The other numbers stand for refusals whose status and meaning
// are known but whose exact code is not: a client must not look for them.

const WIT = 'Microsoft.TeamFoundation.WorkItemTracking.Server';
const FRAMEWORK = 'Microsoft.TeamFoundation.Framework.Server';
const WEBAPI = 'Microsoft.VisualStudio.Services.WebApi';
const COMMON = 'Microsoft.VisualStudio.Services.Common';

export interface ErrorBody {
  readonly $id: '1';
  readonly customProperties?: Readonly<Record<string, unknown>>;
  readonly innerException: null;
  readonly message: string;
  readonly typeName: string;
  readonly typeKey: string;
  readonly errorCode: number;
  readonly eventId: number;
}

export class AzureError extends Error {
  override readonly name = 'AzureError';
  readonly status: number;
  readonly body: ErrorBody;

  constructor(status: number, body: ErrorBody) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

interface Kind {
  readonly status: number;
  readonly namespace: string;
  readonly typeKey: string;
  readonly errorCode?: number;
  readonly eventId?: number;
}

function refuse(kind: Kind, message: string, customProperties?: Record<string, unknown>): AzureError {
  return new AzureError(kind.status, {
    $id: '1',
    ...(customProperties === undefined ? {} : { customProperties }),
    innerException: null,
    message,
    typeName: `${kind.namespace}.${kind.typeKey}, ${kind.namespace}`,
    typeKey: kind.typeKey,
    errorCode: kind.errorCode ?? 0,
    eventId: kind.eventId ?? 3200,
  });
}

/** 404 both for what is not there and for what the caller may not see. */
export const workItemNotFound = (id: number): AzureError =>
  refuse(
    { status: 404, namespace: WIT, typeKey: 'WorkItemUnauthorizedAccessException' },
    `TF401232: Work item ${id} does not exist, or you do not have permissions to read it.`,
  );

export const areaWriteDenied = (): AzureError =>
  refuse(
    { status: 403, namespace: WIT, typeKey: 'WorkItemUnauthorizedAccessException', errorCode: 600171 },
    'TF237111: The current user does not have permissions to save work items under the specified area path.',
  );

export const permissionNeeded = (account: string, permission: string): AzureError =>
  refuse(
    { status: 403, namespace: FRAMEWORK, typeKey: 'AccessCheckException', eventId: 3000 },
    `TF50309: The following account does not have sufficient permissions to complete the operation: ${account}. ` +
      `The following permissions are needed to perform this operation: ${permission}.`,
  );

/** The write's precondition failed; nothing was changed. Status and wording as clients of the service report them. */
export const testFailed = (path: string, actual: unknown, expected: unknown): AzureError =>
  refuse(
    { status: 412, namespace: `${WEBAPI}.Patch`, typeKey: 'TestPatchOperationFailedException', eventId: 3000 },
    `VS403351: Test Operation for path ${path} failed, value ${String(actual)} was not equal to test value ${String(expected)}.`,
  );

export const patchFailed = (message: string): AzureError =>
  refuse(
    { status: 400, namespace: `${WEBAPI}.Patch`, typeKey: 'PatchOperationFailedException', eventId: 3000 },
    message,
  );

export const invalidArgument = (message: string): AzureError =>
  refuse({ status: 400, namespace: COMMON, typeKey: 'VssPropertyValidationException', eventId: 3000 }, message);

export const conflictingParameters = (): AzureError =>
  refuse(
    {
      status: 400,
      namespace: 'Microsoft.TeamFoundation.WorkItemTracking.Web.Common',
      typeKey: 'ConflictingParametersException',
    },
    'The expand parameter can not be used with the fields parameter.',
  );

export const fieldNotFound = (name: string): AzureError =>
  refuse(
    { status: 400, namespace: `${WIT}.Metadata`, typeKey: 'WorkItemTrackingFieldDefinitionNotFoundException' },
    `TF51535: Cannot find field ${name}.`,
  );

export const fieldInvalid = (message: string, status = 400): AzureError =>
  refuse({ status, namespace: WIT, typeKey: 'WorkItemFieldInvalidException', errorCode: 600171 }, message);

export const fieldReadOnly = (referenceName: string): AzureError =>
  fieldInvalid(`TF401326: Invalid field status 'ReadOnly' for field '${referenceName}'.`);

export const invalidTreeName = (id: number, referenceName: string): AzureError =>
  refuse(
    { status: 400, namespace: WIT, typeKey: 'WorkItemInvalidTreeNameException' },
    `TF401347: Invalid tree name given for work item ${id}, field '${referenceName}'.`,
  );

export const typeNotFound = (type: string, project: string): AzureError =>
  refuse(
    { status: 404, namespace: `${WIT}.Metadata`, typeKey: 'WorkItemTypeNotFoundException' },
    `VS402323: Work item type ${type} does not exist in project ${project} or you do not have permission to access it.`,
  );

export const projectNotFound = (project: string): AzureError =>
  refuse(
    {
      status: 404,
      namespace: 'Microsoft.TeamFoundation.Core.WebApi',
      typeKey: 'ProjectDoesNotExistWithNameException',
      eventId: 3000,
    },
    `TF200016: The following project does not exist: ${project}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.`,
  );

export const notFound = (what: string, typeKey = 'ResourceNotFoundException'): AzureError =>
  refuse({ status: 404, namespace: FRAMEWORK, typeKey, eventId: 3000 }, what);

export const conflict = (message: string, typeKey: string): AzureError =>
  refuse({ status: 409, namespace: FRAMEWORK, typeKey, eventId: 3000 }, message);

export const linkInvalid = (message: string, errorCode = 600270): AzureError =>
  refuse({ status: 400, namespace: WIT, typeKey: 'WorkItemLinkInvalidException', errorCode }, message);

export const relationExists = (): AzureError =>
  refuse({ status: 400, namespace: WIT, typeKey: 'RelationAlreadyExistsException' }, 'Relation already exists.');

/** WIQL that does not parse, or names what is not there. The service marks the offending token with « ». */
export const wiqlSyntax = (code: number, sentence: string, cause: string): AzureError =>
  refuse(
    { status: 400, namespace: 'Microsoft.TeamFoundation.WorkItemTracking.Client.Wiql', typeKey: 'SyntaxException' },
    `TF${code}: ${sentence} The error is caused by «${cause}».`,
  );

export const queryTooLarge = (limit: number): AzureError =>
  refuse(
    { status: 400, namespace: WIT, typeKey: 'WorkItemTrackingQueryResultSizeLimitExceededException' },
    `VS402337: The number of work items returned exceeds the size limit of ${limit}. Change the query to return fewer items.`,
  );

export const attachmentTooLarge = (limitBytes: number): AzureError =>
  refuse(
    { status: 400, namespace: WIT, typeKey: 'AttachmentExceedsMaxSizeException' },
    `TF237082: The file you are trying to upload exceeds the supported file upload size of ${limitBytes} bytes.`,
  );

export const contentTypeNotSupported = (given: string, method: string, valid: string): AzureError =>
  refuse(
    { status: 415, namespace: WEBAPI, typeKey: 'VssRequestContentTypeNotSupportedException', eventId: 3000 },
    `The request indicated a Content-Type of "${given}" for method type "${method}" which is not supported. Valid content types for this method are: ${valid}.`,
  );

export const unauthorizedRequest = (account: string): AzureError =>
  refuse(
    { status: 401, namespace: FRAMEWORK, typeKey: 'UnauthorizedRequestException', eventId: 3000 },
    `TF400813: The user '${account}' is not authorized to access this resource.`,
  );

export const blockedByUsage = (status: number, identity: string): AzureError =>
  refuse(
    { status, namespace: FRAMEWORK, typeKey: 'RequestBlockedException', eventId: 3000 },
    `TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource 'WorkItemTrackingResource' in namespace 'User.' for ${identity}. For more information on why your request was blocked, see the topic "Rate limits" on the Microsoft Web site.`,
  );

/** https://github.com/MicrosoftDocs/vsts-rest-api-specs/issues/420 */
export const internalError = (activity: string): AzureError =>
  new AzureError(500, {
    $id: '1',
    innerException: null,
    message: `TF400898: An Internal Error Occurred. Activity Id: ${activity}.`,
    typeName: 'System.NullReferenceException, mscorlib',
    typeKey: 'NullReferenceException',
    errorCode: 0,
    eventId: 0,
  });

/** https://github.com/microsoft/onefuzz/issues/3015; the reference name beside it: https://github.com/dotnet/docs-tools/issues/370 */
export const fieldTooLong = (referenceName: string): AzureError =>
  refuse(
    { status: 400, namespace: WIT, typeKey: 'WorkItemFieldInvalidException' },
    `TF401324: Value for field '${referenceName}' is too long.`,
    { ReferenceName: referenceName },
  );

/** https://github.com/microsoft/azure-devops-mcp/issues/1166 */
export const formatNotSupported = (referenceName: string): AzureError =>
  invalidArgument(`Operation of changing value type is not supported for the field ${referenceName}`);

export interface RuleViolation {
  readonly referenceName: string;
  readonly name: string;
  /** In the service's order, such as `Required, InvalidEmpty`. */
  readonly flags: readonly RuleFlag[];
  /** The sentence for people; without it, the TF401320 sentence is the message. */
  readonly message?: string;
}

export type RuleFlag = keyof typeof FLAG_BITS;

/** Bits of the field status code; `Required, InvalidEmpty` is known to be 524289. */
const FLAG_BITS = {
  Required: 1,
  ReadOnly: 2,
  HasValues: 4,
  LimitedToValues: 16,
  AllowsOldValue: 64,
  InvalidEmpty: 524288,
  InvalidNotEmpty: 1048576,
  InvalidFormat: 2097152,
  InvalidListValue: 4194304,
  InvalidOldValue: 8388608,
  InvalidTooLong: 16777216,
  InvalidNotOldValue: 33554432,
} as const;

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** All violations of one save; the first is the message, every one is listed. */
export function ruleErrors(violations: readonly [RuleViolation, ...RuleViolation[]]): AzureError {
  const listed = violations.map((violation) => ({
    fieldReferenceName: violation.referenceName,
    fieldStatusFlags: violation.flags.map(lowerFirst).join(', '),
    errorMessage: `TF401320: Rule Error for field ${violation.name}. Error code: ${violation.flags.join(', ')}.`,
    fieldStatusCode: violation.flags.reduce((sum, flag) => sum + FLAG_BITS[flag], 0),
    ruleValidationErrors: null,
  }));
  const message = violations[0].message ?? listed[0]?.errorMessage ?? '';
  return refuse({ status: 400, namespace: WIT, typeKey: 'RuleValidationException', errorCode: 600171 }, message, {
    RuleValidationErrors: listed,
  });
}
