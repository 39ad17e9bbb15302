// How clients find their way: `OPTIONS _apis/{area}`, ResourceAreas, connectionData.
import { LOCATIONS, RESOURCE_AREAS } from '../data/locations.ts';
import { notFound } from '../errors.ts';
import { identityRef } from '../render.ts';
import { type Call, json, LATEST_VERSION, list, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';

function options(call: Call): Response {
  const area = call.params.area?.toLowerCase();
  const found = LOCATIONS.filter((location) => area === undefined || location.area.toLowerCase() === area);
  return list(found.map((location) => ({ ...location, minVersion: '1.0', maxVersion: LATEST_VERSION.toFixed(1) })));
}

const areaJson = (call: Call, area: (typeof RESOURCE_AREAS)[number]) => ({
  ...area,
  locationUrl: `${viewOf(call.simulator).base}/`,
});

function area(call: Call): Response {
  const wanted = (call.params.area ?? '').toLowerCase();
  const found = RESOURCE_AREAS.find((one) => one.id === wanted);
  if (found === undefined) throw notFound(`The resource area ${wanted} does not exist.`);
  return json(areaJson(call, found));
}

/** Who the token belongs to. https://learn.microsoft.com/azure/devops/integrate/concepts (used by every client to log in) */
function connectionData(call: Call): Response {
  const { person } = call.caller;
  const view = viewOf(call.simulator);
  const user = {
    ...identityRef(view, person),
    subjectDescriptor: person.descriptor,
    providerDisplayName: person.displayName,
    isActive: person.active,
    properties: { Account: { $type: 'System.String', $value: person.uniqueName } },
    resourceVersion: 2,
    metaTypeId: 0,
  };
  const { organizationId } = view.world;
  return json({
    authenticatedUser: user,
    authorizedUser: user,
    instanceId: organizationId,
    deploymentId: organizationId,
    deploymentType: 'hosted',
    locationServiceData: {
      serviceOwner: '00025394-6065-48ca-87d9-7f5672854ef7',
      defaultAccessMappingMoniker: 'PublicAccessMapping',
      lastChangeId: 1,
      lastChangeId64: 1,
    },
  });
}

export const LOCATION_ROUTES: readonly Route[] = [
  { method: 'OPTIONS', pattern: ':area', scope: 'any', handler: options },
  { method: 'OPTIONS', pattern: '*all', scope: 'any', handler: (call) => options({ ...call, params: {} }) },
  {
    method: 'GET',
    pattern: 'resourceareas',
    scope: 'any',
    handler: (call) => list(RESOURCE_AREAS.map((one) => areaJson(call, one))),
    preview: true,
  },
  { method: 'GET', pattern: 'resourceareas/:area', scope: 'any', handler: area, preview: true },
  { method: 'GET', pattern: 'connectiondata', scope: 'any', handler: connectionData, preview: true },
];
