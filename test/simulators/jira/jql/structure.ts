// A parsed query in the form of `jql/parse`'s answer.
import type { Clause, Field, Operand } from '@atlaskit/jql-ast';
import type { View } from '../views.ts';
import type { Query } from './parse.ts';

export function queryStructure(query: Query): View {
  const fields = query.orderBy?.fields ?? [];
  return {
    ...(query.where === undefined ? {} : { where: clauseView(query.where) }),
    ...(fields.length === 0
      ? {}
      : {
          orderBy: {
            fields: fields.map(({ field, direction }) => ({
              field: fieldView(field),
              ...(direction === undefined ? {} : { direction: direction.value.toLowerCase() }),
            })),
          },
        }),
  };
}

function clauseView(clause: Clause): View {
  switch (clause.clauseType) {
    case 'compound':
      return { operator: clause.operator.value, clauses: clause.clauses.map(clauseView) };
    case 'not':
      return { operator: 'not', clauses: [clauseView(clause.clause)] };
    case 'terminal': {
      const operator = clause.operator?.value ?? '=';
      const historical = operator === 'changed' || operator.startsWith('was');
      return {
        field: fieldView(clause.field),
        operator,
        ...(clause.operand ? { operand: operandView(clause.operand) } : {}),
        ...(historical
          ? {
              predicates: clause.predicates.map((predicate) => ({
                operator: predicate.operator.value,
                ...(predicate.operand ? { operand: operandView(predicate.operand) } : {}),
              })),
            }
          : {}),
      };
    }
    default:
      return clause satisfies never;
  }
}

function fieldView(field: Field): View {
  const properties = field.properties ?? [];
  if (properties.length === 0) return { name: field.value, encodedName: field.text };
  return {
    name: field.value,
    encodedName: field.text,
    property: properties.map(({ key, path }) => ({
      entity: field.value.split('.')[0] ?? '',
      key: key?.value ?? '',
      path: (path ?? [])
        .map(({ value }) => value)
        .join('')
        .replace(/^\./, ''),
    })),
  };
}

function operandView(operand: Operand): View {
  switch (operand.operandType) {
    case 'value':
      return { value: operand.value, encodedValue: operand.text };
    case 'keyword':
      return { keyword: 'empty' };
    case 'function':
      return { function: operand.function.value, arguments: operand.arguments.map(({ value }) => value) };
    case 'list':
      return { values: operand.values.map(operandView) };
    default:
      return operand satisfies never;
  }
}
