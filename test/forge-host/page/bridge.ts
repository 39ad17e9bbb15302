// `globalThis.__bridge`, by which a page talks to Forge (@forge/bridge, out/bridge.js): what the product would do, this page does.

export interface Flag {
  readonly id: string | number;
  readonly title?: string;
  readonly description?: string;
  readonly type?: string;
  readonly appearance?: string;
  readonly isAutoDismiss?: boolean;
}

export interface BridgeHost {
  reconcile(forgeDoc: unknown): void;
  showFlag(flag: Flag): void;
  closeFlag(id: string | number): void;
}

type Command = (data: Readonly<Record<string, unknown>>) => unknown;

export function provideBridge(host: BridgeHost, page: unknown): void {
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    // A function that throws reaches the page without its words.
    if (!response.ok) throw new Error('There was an error invoking the function.');
    return await response.json();
  };

  const commands: Readonly<Record<string, Command>> = {
    reconcile: ({ forgeDoc }) => host.reconcile(forgeDoc),
    invoke: async ({ functionKey, payload }) => {
      const answer = (await post('/bridge/invoke', { page, functionKey, payload })) as {
        refused?: string;
        result?: unknown;
      };
      if (answer.refused !== undefined) throw new Error('There was an error invoking the function.');
      return answer.result;
    },
    getContext: () => post('/bridge/context', page),
    showFlag: (flag) => host.showFlag(flag as unknown as Flag),
    closeFlag: ({ id }) => host.closeFlag(id as string),
    navigate: ({ url, type }) => {
      if (typeof url !== 'string') throw new Error('only addresses can be navigated to here');
      if (type === 'new-tab') window.open(url, '_blank', 'noopener');
      else window.location.assign(url);
    },
    reload: () => window.location.reload(),
    changeWindowTitle: (title) => {
      document.title = String(title);
    },
    emitReadyEvent: () => undefined,
    enableTheming: () => undefined,
    onError: ({ error }) => console.error(error),
  };

  const callBridge = async (name: string, data: Readonly<Record<string, unknown>> = {}): Promise<unknown> => {
    const command = commands[name];
    if (command === undefined) throw new Error(`the local Forge host has no bridge command ${name}`);
    return await command(data);
  };
  Object.assign(globalThis, { __bridge: { callBridge } });
}
