// What gRPC's errors tell: https://grpc.io/docs/guides/status-codes/

/** The status code of a failed call; undefined of any other error. */
export const statusOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
