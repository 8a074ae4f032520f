import type { Http, HttpResponse } from '../net/http.ts';

/** The part of the SDK's request that goes on the wire. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly response: {
    readonly statusCode: number;
    readonly headers: Record<string, string>;
    readonly body: Uint8Array;
  };
}

/** A request handler of the AWS SDK over our own connections: it sees the deadline, and what a reused socket died of. */
export function createTransport(http: Http) {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request: SdkRequest, options: { readonly abortSignal?: unknown } = {}): Promise<SdkResponse> {
      const { hostname, port, protocol, path } = request;
      const response = await http.request(
        {
          url: new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`),
          method: request.method === 'GET' ? 'GET' : 'POST',
          headers: request.headers,
          body: bodyOf(request.body),
        },
        options.abortSignal instanceof AbortSignal ? options.abortSignal : new AbortController().signal,
      );
      return { response: toSdk(response) };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
  };
}

const bodyOf = (body: unknown): string | Uint8Array | undefined =>
  typeof body === 'string' || body instanceof Uint8Array ? body : undefined;

const toSdk = ({ status, headers, body }: HttpResponse) => ({ statusCode: status, headers: { ...headers }, body });
