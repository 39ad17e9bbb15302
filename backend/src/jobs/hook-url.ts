// The address that a connection's service hooks post to.

export const hookUrl = (publicUrl: string, installationId: string, connectionId: string): string =>
  `${publicUrl.replace(/\/+$/, '')}/hooks/azure/${installationId}/${connectionId}`;
