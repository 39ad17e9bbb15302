// How a simulator declares what the official descriptions lack or get wrong: one file per side, a list of these entries,
// each with its source. What is neither described nor declared here fails.
// Paths are templates as in the descriptions (`/{organization}/{project}/_apis/wit/$batch`); `*` as path means every operation.

/** A JSON schema (2020-12 without remote references). `#/components/schemas/X` or `#/definitions/X` point into the description. */
export type JsonSchema = Readonly<Record<string, unknown>> | boolean;

export type HttpMethod = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE' | 'OPTIONS' | 'HEAD';

export interface DeclaredParameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

interface Sourced {
  /** Documentation address, or repository and thread, that shows it. */
  readonly source: string;
}

/** An operation that the descriptions lack. */
export interface OperationAddition extends Sourced {
  readonly kind: 'operation';
  readonly method: HttpMethod;
  readonly path: string;
  readonly parameters?: readonly DeclaredParameter[];
  /** Schema by content type; absent: no body is expected. */
  readonly request?: Readonly<Record<string, JsonSchema>>;
  /** Schema by status; null: the answer has no body. */
  readonly responses: Readonly<Record<number, JsonSchema | null>>;
}

/** A parameter that a described operation takes besides. */
export interface ParameterAddition extends Sourced {
  readonly kind: 'parameter';
  readonly method: HttpMethod | '*';
  readonly path: string;
  readonly parameter: DeclaredParameter;
}

/** A body that a described operation takes besides, or whose description is wrong: replaces that content type's schema. */
export interface RequestAddition extends Sourced {
  readonly kind: 'request';
  readonly method: HttpMethod;
  readonly path: string;
  readonly contentType: string;
  readonly schema: JsonSchema;
  /** True where the description demands a body that the service does without. */
  readonly optional?: boolean;
}

/** An answer that a described operation gives besides, or whose description is wrong: replaces that status. */
export interface ResponseAddition extends Sourced {
  readonly kind: 'response';
  readonly method: HttpMethod | '*';
  readonly path: string;
  readonly status: number;
  /** null: no body. */
  readonly schema: JsonSchema | null;
}

/** A named schema that differs from the description: replaces it wherever it is referred to. */
export interface SchemaAddition extends Sourced {
  readonly kind: 'schema';
  readonly name: string;
  readonly schema: JsonSchema;
}

export type SpecAddition = OperationAddition | ParameterAddition | RequestAddition | ResponseAddition | SchemaAddition;
