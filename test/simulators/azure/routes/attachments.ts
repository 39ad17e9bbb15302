// Attachments: sent whole up to a size, or in chunks with Content-Range; read back as bytes. Linking one is a relation.
// https://learn.microsoft.com/rest/api/azure/devops/wit/attachments/create
import { randomUUID } from 'node:crypto';
import { bytesContent, type Content, joinedContent } from '../../kernel/content.ts';
import { largeBody } from '../../kernel/large-body.ts';
import { attachmentTooLarge, contentTypeNotSupported, invalidArgument, notFound } from '../errors.ts';
import { type Call, json, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import type { Attachment } from '../store/model.ts';
import { boolean, contentType } from './read.ts';

const MEDIA_TYPES: readonly string[] = ['application/octet-stream', 'application/json'];

async function create(call: Call): Promise<Response> {
  const { settings, world, clock } = call.simulator;
  const type = contentType(call.request).toLowerCase();
  if (!MEDIA_TYPES.includes(type)) {
    throw contentTypeNotSupported(type, 'POST', MEDIA_TYPES.join(', '));
  }
  const uploadType = (call.query.get('uploadtype') ?? 'simple').toLowerCase();
  if (uploadType !== 'simple' && uploadType !== 'chunked') {
    throw invalidArgument(`The value '${uploadType}' is not valid for uploadType; it must be simple or chunked.`);
  }
  const fileName = call.query.get('filename') ?? '';
  if (fileName.length > 255) throw invalidArgument('The name of a file can have at most 255 characters.');
  const content = uploadType === 'chunked' ? bytesContent(new Uint8Array()) : await sentContent(call.request);
  const limit = Math.min(settings.simpleUploadBytes, settings.attachmentBytes);
  if (content.size > limit) throw attachmentTooLarge(limit);
  const attachment: Attachment = {
    id: randomUUID(),
    fileName,
    createdBy: call.caller.person.id,
    at: clock.now(),
    content,
    total: uploadType === 'chunked' ? Number.POSITIVE_INFINITY : content.size,
  };
  world.attachments.set(attachment.id, attachment);
  return json(reference(call, attachment));
}

const sentContent = async (request: Request): Promise<Content> =>
  largeBody(request) ?? bytesContent(new Uint8Array(await request.arrayBuffer()));

function reference(call: Call, attachment: Attachment): unknown {
  const { base } = viewOf(call.simulator);
  const home = call.project === undefined ? base : `${base}/${call.project.id}`;
  const name = attachment.fileName === '' ? '' : `?fileName=${encodeURIComponent(attachment.fileName)}`;
  return { id: attachment.id, url: `${home}/_apis/wit/attachments/${attachment.id}${name}` };
}

function find(call: Call): Attachment {
  const id = (call.params.id ?? '').toLowerCase();
  const attachment = call.simulator.world.attachments.get(id);
  if (attachment !== undefined) return attachment;
  throw notFound(
    `TF237095: The attachment with the id ${id} does not exist or you do not have permissions to read it.`,
    'AttachmentNotFoundException',
  );
}

const RANGE = /^bytes (\d+)-(\d+)\/(\d+)$/i;

/** Chunks come in order, without gaps; the first tells the whole size. */
async function chunk(call: Call): Promise<Response> {
  const attachment = find(call);
  const range = RANGE.exec(call.request.headers.get('content-range') ?? '');
  if (range === null) throw invalidArgument('A chunk needs a Content-Range header of the form "bytes 0-39999/50000".');
  const [first, last, total] = [Number(range[1]), Number(range[2]), Number(range[3])];
  if (total > call.simulator.settings.attachmentBytes)
    throw attachmentTooLarge(call.simulator.settings.attachmentBytes);
  const content = await sentContent(call.request);
  if (attachment.total !== Number.POSITIVE_INFINITY && attachment.total !== total) {
    throw invalidArgument('The total size must be the same in every chunk.');
  }
  if (last - first + 1 !== content.size || last >= total) {
    throw invalidArgument(`The Content-Range does not fit the ${content.size} bytes of the chunk.`);
  }
  if (first !== attachment.content.size) {
    throw invalidArgument(`The next chunk must begin at ${attachment.content.size}, not at ${first}.`);
  }
  attachment.total = total;
  attachment.content = joinedContent([attachment.content, content]);
  return json(reference(call, attachment));
}

function read(call: Call): Response {
  const attachment = find(call);
  if (attachment.content.size < attachment.total) {
    throw notFound(
      `TF237095: The attachment with the id ${attachment.id} is not complete.`,
      'AttachmentNotFoundException',
    );
  }
  const name = encodeURIComponent(call.query.get('filename') ?? attachment.fileName);
  const disposition =
    boolean(call, 'download') || name !== ''
      ? `attachment; filename="${name}"; filename*=UTF-8''${name}`
      : 'attachment';
  return new Response(attachment.content.stream(), {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(attachment.content.size),
      'content-disposition': disposition,
    },
  });
}

export const ATTACHMENT_ROUTES: readonly Route[] = [
  { method: 'POST', pattern: 'wit/attachments', scope: 'vso.work_write', handler: create },
  { method: 'PUT', pattern: 'wit/attachments/:id', scope: 'vso.work_write', handler: chunk },
  { method: 'GET', pattern: 'wit/attachments/:id', scope: 'vso.work', handler: read },
];
