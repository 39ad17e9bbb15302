// A profile's mappings made ready for one pair: with the schema of its two types, the policies filled in, and the
// fingerprint that tells an edited mapping. The state is one rule among the fields.

import type { Fingerprint, FingerprintKey } from './baseline.ts';
import { type FieldSchema, fieldSchema, type SideSchema, sameName, typeSchema } from './catalog.ts';
import { composedValue, isComposed, seenValue } from './field-view.ts';
import { ruleSeal } from './fingerprint.ts';
import {
  type BySide,
  type FieldKind,
  type FieldValue,
  type ItemSnapshot,
  type OptionRef,
  type Side,
  sides,
} from './model.ts';
import { isPath } from './planning.ts';
import {
  type ConflictPolicy,
  type Direction,
  type EffortUnit,
  type FieldMapping,
  mappingId,
  type ProfileSettings,
  type SeedingPolicy,
  stateMappingId,
  type TypeMapping,
  type UnmappedPolicy,
  type ValuePair,
} from './profile.ts';
import { isInvertible, parseTemplate, type Template } from './templates.ts';

export const stateFields: BySide<string> = { jira: 'status', azure: 'System.State' };

/** How work ended: each service sets it as part of a change of the state. */
export const outcomeFields: BySide<string> = { jira: 'resolution', azure: 'System.Reason' };

export interface FieldRule {
  readonly id: string;
  readonly isState: boolean;
  /** Native field ids. */
  readonly field: BySide<string>;
  readonly kind: FieldKind;
  readonly direction: Direction;
  readonly enforce: boolean;
  readonly conflict: ConflictPolicy;
  readonly seeding: SeedingPolicy;
  readonly values: readonly ValuePair[];
  readonly unmapped: UnmappedPolicy;
  /** Whether a sprint, version, component or node that the target lacks is made there. */
  readonly createMissing: boolean;
  /** Sides on which the field can be set only together with a change of the state: Jira's resolution, Azure's reason. */
  readonly withState: readonly Side[];
  /** By the side that gets the text. */
  readonly template: Partial<BySide<Template>>;
  /** By side; hours where nothing is said. */
  readonly units: Partial<BySide<EffortUnit>>;
  readonly workingTime: ProfileSettings['workingTime'];
  /** Where Azure DevOps' area and iteration paths begin. */
  readonly root: string;
  /** Fingerprint of what decides how values map; policies for conflicts are not part of it. */
  readonly fingerprint: Fingerprint;
  readonly schema: BySide<RuleSchema>;
}

/** What is known of a rule's field on one side. */
export interface RuleSchema {
  /** As the item's type offers it. Jira tells the fields of the create screen only. */
  readonly field: FieldSchema | undefined;
  readonly typeKnown: boolean;
  /** No type of the side has a field of this id: the mapping is mistaken. */
  readonly unheardOf: boolean;
}

export interface RuleContext {
  readonly settings: ProfileSettings;
  readonly key: FingerprintKey;
  readonly catalogs?: { readonly jira: SideSchema; readonly azure: SideSchema } | null | undefined;
}

/** The type mapping of a pair: of exactly its two types, else of the Jira type, else of the Azure type. */
export function typeMappingOf(settings: ProfileSettings, types: Partial<BySide<string>>): TypeMapping | undefined {
  const matches = (side: Side) => (mapping: TypeMapping) => {
    const type = types[side];
    return type !== undefined && sameName(mapping[side], type);
  };
  return (
    settings.types.find((mapping) => matches('jira')(mapping) && matches('azure')(mapping)) ??
    settings.types.find(matches('jira')) ??
    settings.types.find(matches('azure'))
  );
}

/** All rules for a pair of these types, the state's last. */
export function fieldRules(context: RuleContext, types: BySide<string>): readonly FieldRule[] {
  const { settings, key, catalogs } = context;
  const schemas = {
    jira: typeSchema(catalogs?.jira, types.jira),
    azure: typeSchema(catalogs?.azure, types.azure),
  };
  const known = (side: Side, field: string): RuleSchema => ({
    field: fieldSchema(schemas[side], field),
    typeKnown: schemas[side] !== undefined,
    unheardOf: catalogs?.[side].types.every((type) => fieldSchema(type, field) === undefined) ?? false,
  });
  const rules = settings.fields
    .filter((mapping) => mapping.types === undefined || mapping.types.some((type) => sameName(type, types.jira)))
    .map((mapping): FieldRule => {
      const user = mapping.kind === 'user';
      const template = templatesOf(mapping);
      const withState = sides.filter((side) => mapping[side] === outcomeFields[side]);
      return {
        id: mappingId(mapping),
        isState: false,
        field: { jira: mapping.jira, azure: mapping.azure },
        kind: mapping.kind,
        direction: directionOf(mapping, template),
        enforce: mapping.enforce,
        conflict: mapping.conflict ?? settings.policies.conflict,
        seeding: mapping.seeding ?? settings.policies.seeding,
        values: mapping.values ?? [],
        unmapped:
          mapping.unmapped ??
          (withState.length > 0 ? 'skip' : user ? settings.policies.unmappedUser : settings.policies.unmappedValue),
        createMissing: mapping.createMissing ?? false,
        withState,
        template,
        units: unitsOf(mapping),
        workingTime: settings.workingTime,
        root: rootOf(settings, fieldSchema(schemas.azure, mapping.azure)),
        fingerprint: mappingFingerprint(key, settings, mapping),
        schema: { jira: known('jira', mapping.jira), azure: known('azure', mapping.azure) },
      };
    });
  const type = typeMappingOf(settings, types);
  return type === undefined ? rules : [...rules, stateRule(context, type, schemas)];
}

function templatesOf({ template }: FieldMapping): Partial<BySide<Template>> {
  const parsed = (side: Side) => (template?.[side] === undefined ? null : parseTemplate(template[side]));
  const [jira, azure] = [parsed('jira'), parsed('azure')];
  return { ...(jira === null ? {} : { jira }), ...(azure === null ? {} : { azure }) };
}

/** The profile may name the project by its id; the paths of the project tell its name. */
const rootOf = (settings: ProfileSettings, field: FieldSchema | undefined): string =>
  (isPath(field) ? field?.allowed?.[0]?.name.split('\\')[0] : undefined) ?? settings.azure.project;

/** Jira's own estimates arrive in hours. */
function unitsOf({ jira, units }: FieldMapping): Partial<BySide<EffortUnit>> {
  const own = ['timeoriginalestimate', 'timeestimate', 'timespent'].includes(jira);
  return {
    ...(units?.jira === undefined || own ? {} : { jira: units.jira }),
    ...(units?.azure === undefined ? {} : { azure: units.azure }),
  };
}

/** A text that can't be undone goes one way, whatever the mapping says. */
function directionOf(mapping: FieldMapping, template: Partial<BySide<Template>>): Direction {
  if (template.azure !== undefined && !isInvertible(template.azure)) return 'jira-to-azure';
  if (template.jira !== undefined && !isInvertible(template.jira)) return 'azure-to-jira';
  return mapping.direction;
}

const isDated = (kind: FieldKind) => kind === 'date' || kind === 'dateTime';

function mappingFingerprint(key: FingerprintKey, settings: ProfileSettings, mapping: FieldMapping): Fingerprint {
  const { jira, azure, kind, direction, values, unmapped, template, units } = mapping;
  const zone = isDated(kind) ? settings.timeZone : undefined;
  const workingTime = units === undefined ? undefined : settings.workingTime;
  return ruleSeal(key, { jira, azure, kind, direction, values, unmapped, zone, template, units, workingTime });
}

type Schemas = BySide<ReturnType<typeof typeSchema>>;

function stateRule({ settings, key }: RuleContext, type: TypeMapping, schemas: Schemas): FieldRule {
  const state = (side: Side) => {
    const schema = schemas[side];
    const allowed = schema?.states.map(({ name }): OptionRef => ({ name }));
    const field: FieldSchema = {
      id: stateFields[side],
      name: side === 'jira' ? 'Status' : 'State',
      kind: 'option',
      required: true,
      readOnly: false,
      ...(allowed === undefined || allowed.length === 0 ? {} : { allowed }),
    };
    return { field, typeKnown: schema !== undefined, unheardOf: false };
  };
  return {
    id: stateMappingId,
    isState: true,
    field: stateFields,
    kind: 'option',
    direction: settings.states.direction,
    enforce: false,
    conflict: settings.states.conflict ?? settings.policies.conflict,
    seeding: settings.policies.seeding,
    values: type.states,
    createMissing: false,
    withState: [],
    template: {},
    units: {},
    workingTime: undefined,
    root: settings.azure.project,
    unmapped: settings.policies.unmappedValue === 'skip' ? 'skip' : 'error',
    fingerprint: ruleSeal(key, {
      jira: type.jira,
      azure: type.azure,
      states: type.states,
      direction: settings.states.direction,
    }),
    schema: { jira: state('jira'), azure: state('azure') },
  };
}

/** `unavailable`: the item has no such field, which is not the same as an empty one. */
export type SideValue = FieldValue | null | 'unavailable';

/**
 * The value of a rule's field as the item carries it. A field that the read left out is empty where the type is known to
 * have it and on Azure, which leaves empty fields out; elsewhere in Jira the issue does not have it.
 */
export function valueOn(rule: FieldRule, item: ItemSnapshot): SideValue {
  if (rule.isState) return { kind: 'option', option: { name: item.state } };
  const value = nativeValue(rule, item);
  if (isComposed(rule, item.side)) return composedValue(rule, item, value === 'unavailable' ? null : value);
  return value === 'unavailable' ? value : seenValue(rule, item.side, value);
}

/** The same as it stands there. */
export function nativeValue(rule: FieldRule, item: ItemSnapshot): SideValue {
  const value = item.fields[rule.field[item.side]];
  if (value !== undefined) return value;
  const { field, typeKnown } = rule.schema[item.side];
  if (typeKnown) return field === undefined ? 'unavailable' : null;
  return item.side === 'azure' ? null : 'unavailable';
}

/** The kind in which a side holds the field: told by the schema, else by a value that stands there, else the rule's own. */
export function nativeKind(rule: FieldRule, side: Side, present?: SideValue): FieldKind {
  if (isComposed(rule, side)) return 'text';
  const kind = rule.schema[side].field?.kind;
  if (kind !== undefined && kind !== 'unsupported') return kind;
  if (present !== undefined && present !== null && present !== 'unavailable') return present.kind;
  return rule.kind;
}

/** Whether the rule lets values travel to this side. */
export const allowsTo = (direction: Direction, target: Side): boolean =>
  direction === 'both' || direction === (target === 'azure' ? 'jira-to-azure' : 'azure-to-jira');
