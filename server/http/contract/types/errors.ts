// The one shape of every error.

export type ErrorCode =
  | 'malformed'
  | 'auth-required'
  | 'auth-failed'
  | 'forbidden'
  | 'not-found'
  | 'not-arrived'
  | 'gone'
  | 'conflict'
  | 'arrived'
  | 'too-large'
  | 'unsupported-type'
  | 'range-not-satisfiable'
  | 'unprocessable'
  | 'storage-full'
  | 'busy'
  | 'unavailable'
  | 'internal';

export interface ErrorBody {
  error: {
    code: ErrorCode;
    message: string;
    details?: Record<string, unknown> | undefined;
  };
}
