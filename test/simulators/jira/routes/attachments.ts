// Attachments: upload, describe, download by way of the media host, delete.
import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { bytesContent } from '../../kernel/content.ts';
import { largeBody, largeFilePart } from '../../kernel/large-body.ts';
import { carryOut } from '../effects.ts';
import { forbidden, JiraError, notFound } from '../errors.ts';
import { type Ctx, type Env, flag, numericId, param, type Routes } from '../http.ts';
import { fileAnswer, type MediaHost } from '../media.ts';
import type { AttachmentRecord, ChangeItem, IssueRecord } from '../model.ts';
import { canSeeIssue, hasPermission, requirePermission, visibleIssue } from '../permissions.ts';
import { attachmentView } from '../views.ts';
import type { World } from '../world.ts';

/** https://support.atlassian.com/jira-cloud-administration/docs/jira-cloud-limits/ */
const ATTACHMENTS_PER_ISSUE = 2_000;

export function attachmentRoutes(world: World, media: MediaHost): Routes {
  const app: Routes = new Hono<Env>();
  const { store } = world;

  app.get('/attachment/meta', (c) => c.json({ enabled: true, uploadLimit: world.settings.attachmentLimit }));

  app.post('/issue/:issueIdOrKey/attachments', async (c) => {
    const { caller } = c.var;
    // Against forged requests from browsers: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-attachments/
    if (!['no-check', 'nocheck'].includes(c.req.header('x-atlassian-token')?.toLowerCase() ?? ''))
      throw new XsrfError();
    const issue = visibleIssue(world, caller, param(c, 'issueIdOrKey'));
    requirePermission(world, caller, 'CREATE_ATTACHMENTS', issue);
    if (!(c.req.header('content-type') ?? '').startsWith('multipart/form-data'))
      throw new JiraError(415, ['Unsupported Media Type']);
    const files = await readFiles(c);
    if (files.length === 0) throw new JiraError(400, ["No file was sent: the part must be named 'file'."]);
    if (store.attachmentsOf(issue.id).length + files.length > ATTACHMENTS_PER_ISSUE) {
      throw new JiraError(413, [`The issue has reached the limit of ${ATTACHMENTS_PER_ISSUE} attachments.`]);
    }
    for (const file of files) {
      if (file.content.size > world.settings.attachmentLimit) {
        throw new JiraError(413, [
          `The file "${file.filename}" exceeds its maximum permitted size of ${world.settings.attachmentLimit} bytes.`,
        ]);
      }
    }
    const added: AttachmentRecord[] = [];
    for (const file of files) added.push(await attach(world, c, issue.id, file));
    return c.json(added.map((attachment) => attachmentView(world, caller, attachment)));
  });

  app.get('/attachment/content/:id', (c) => {
    const { attachment } = find(world, c);
    if (flag(c, 'redirect', true)) return c.body(null, 303, { Location: media.linkTo(attachment) });
    const { status, headers, body } = fileAnswer(attachment, c.req.header('range'));
    return new Response(body, { status, headers });
  });

  app.get('/attachment/thumbnail/:id', (c) => {
    const { attachment } = find(world, c);
    if (!attachment.mimeType.startsWith('image/')) throw notFound('The attachment has no thumbnail');
    return c.body(null, 303, { Location: media.linkTo(attachment) });
  });

  app.get('/attachment/:id', (c) => {
    const { attachment } = find(world, c);
    const { id: _, ...view } = attachmentView(world, c.var.caller, attachment);
    return c.json({ ...view, id: attachment.id });
  });

  app.delete('/attachment/:id', (c) => {
    const { attachment, issue } = find(world, c);
    const own = attachment.author === c.var.caller.person?.accountId;
    const may =
      hasPermission(world, c.var.caller, 'DELETE_ALL_ATTACHMENTS', issue) ||
      (own && hasPermission(world, c.var.caller, 'DELETE_OWN_ATTACHMENTS', issue));
    if (!may) throw forbidden(`You do not have permission to delete attachment with id: ${attachment.id}`);
    store.removeAttachment(attachment);
    carryOut(world, c.var.caller, 'attachment.delete', issue, [changeItem(attachment, false)], { attachment });
    return c.body(null, 204);
  });

  return app;
}

/** Jira answers a request without the header in plain text. */
export class XsrfError extends Error {}

type SentFile = Pick<AttachmentRecord, 'filename' | 'mimeType' | 'content'>;

async function readFiles(c: Ctx): Promise<readonly SentFile[]> {
  const sent = async (file: File): Promise<SentFile> => ({
    filename: file.name,
    mimeType: file.type.split(';')[0] || 'application/octet-stream',
    content: bytesContent(new Uint8Array(await file.arrayBuffer())),
  });
  if (largeBody(c.req.raw) !== undefined) {
    const part = await largeFilePart(c.req.raw);
    if (part !== undefined) {
      const { filename, type, content } = part;
      return part.field === 'file' ? [{ filename, mimeType: type, content }] : [];
    }
  }
  const form = await c.req.formData();
  return Promise.all(form.getAll('file').flatMap((part) => (typeof part === 'string' ? [] : [sent(part)])));
}

async function attach(world: World, c: Ctx, issueId: number, file: SentFile): Promise<AttachmentRecord> {
  const attachment: AttachmentRecord = {
    id: world.store.nextId('attachment'),
    issueId,
    author: c.var.caller.person?.accountId ?? '',
    created: world.clock.now(),
    ...file,
    mediaId: randomUUID(),
  };
  const issue = world.store.issues.get(issueId);
  if (issue === undefined) throw notFound('Issue does not exist or you do not have permission to see it.');
  world.store.addAttachment(attachment);
  carryOut(world, c.var.caller, 'attachment.add', issue, [changeItem(attachment, true)], { attachment });
  return attachment;
}

function changeItem({ id, filename }: AttachmentRecord, added: boolean): ChangeItem {
  const side = { id: String(id), text: filename };
  return {
    field: 'Attachment',
    fieldId: 'attachment',
    fieldtype: 'jira',
    from: added ? null : side.id,
    fromString: added ? null : side.text,
    to: added ? side.id : null,
    toString: added ? side.text : null,
  };
}

function find(world: World, c: Ctx): { readonly attachment: AttachmentRecord; readonly issue: IssueRecord } {
  const attachment = world.store.attachments.get(numericId(param(c, 'id')));
  const issue = attachment === undefined ? undefined : world.store.issues.get(attachment.issueId);
  if (attachment === undefined || issue === undefined || !canSeeIssue(world, c.var.caller, issue)) {
    throw notFound(`The attachment with id '${param(c, 'id')}' does not exist`);
  }
  return { attachment, issue };
}
