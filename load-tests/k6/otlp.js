// Requests of OTLP, and what becomes of them: over gRPC with the protocol's own .proto files, over HTTP as JSON.
import grpc from 'k6/net/grpc';
import http from 'k6/http';
import { check } from 'k6';
import encoding from 'k6/encoding';
import { Counter, Rate, Trend } from 'k6/metrics';

const target = { grpc: __ENV.GRPC || '127.0.0.1:4317', http: __ENV.HTTP || 'http://127.0.0.1:4318' };
const spansPerRequest = Number(__ENV.SPANS || 20);

export const spansSent = new Counter('spans_sent');
export const spansAccepted = new Counter('spans_accepted');
// Refused for now, as a sender is meant to be when there is no room: it tries again.
export const refused = new Rate('refused');
// Everything else that is not success.
export const failed = new Rate('failed');
export const ack = new Trend('ack', true);

const client = new grpc.Client();
client.load([__ENV.PROTO || 'target/k6/proto'], 'opentelemetry/proto/collector/trace/v1/trace_service.proto');
let connected = false;

function randomBytes(count) {
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = Math.floor(Math.random() * 256);
  bytes[0] |= 1; // never all zero
  return bytes;
}

const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
const base64 = (bytes) => encoding.b64encode(bytes.buffer);

// Whole traces of ten spans; both encodings have the names of protobuf's JSON mapping, and differ in ids.
function request(protocol, id) {
  const now = Date.now();
  const spans = [];
  let trace;
  let parent;
  for (let i = 0; i < spansPerRequest; i++) {
    if (i % 10 === 0) {
      trace = id(randomBytes(16));
      parent = undefined;
    }
    const span = id(randomBytes(8));
    spans.push({
      traceId: trace,
      spanId: span,
      parentSpanId: parent,
      name: `GET /items/${i}`,
      kind: protocol === 'grpc' ? 'SPAN_KIND_SERVER' : 2,
      startTimeUnixNano: `${now - 5}000000`,
      endTimeUnixNano: `${now}000000`,
      attributes: [
        { key: 'http.request.method', value: { stringValue: 'GET' } },
        { key: 'http.route', value: { stringValue: '/items/{id}' } },
        { key: 'http.response.status_code', value: { intValue: '200' } },
      ],
    });
    parent = span;
  }
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: `k6-${protocol}` } }] },
        scopeSpans: [{ scope: { name: 'k6' }, spans }],
      },
    ],
  };
}

function count(ok, retryable, millis) {
  spansSent.add(spansPerRequest);
  if (ok) spansAccepted.add(spansPerRequest);
  refused.add(retryable);
  failed.add(!ok && !retryable);
  ack.add(millis);
}

/** One request over gRPC, on the virtual user's own connection. */
export function sendGrpc() {
  if (!connected) {
    client.connect(target.grpc, { plaintext: true });
    connected = true;
  }
  const body = request('grpc', base64);
  const start = Date.now();
  const answer = client.invoke('opentelemetry.proto.collector.trace.v1.TraceService/Export', body, { timeout: '15s' });
  const retryable = [grpc.StatusUnavailable, grpc.StatusResourceExhausted].includes(answer.status);
  count(answer.status === grpc.StatusOK, retryable, Date.now() - start);
  check(answer, { 'gRPC: OK or try again': (a) => a.status === grpc.StatusOK || retryable });
}

/** One request over HTTP. */
export function sendHttp() {
  const body = JSON.stringify(request('http', hex));
  const answer = http.post(`${target.http}/v1/traces`, body, {
    headers: { 'Content-Type': 'application/json' },
    timeout: '15s',
    responseCallback: http.expectedStatuses(200, 429, 503),
  });
  const retryable = [429, 502, 503, 504].includes(answer.status);
  count(answer.status === 200, retryable, answer.timings.duration);
  check(answer, { 'HTTP: 200 or try again': (a) => a.status === 200 || retryable });
}

/** The same executor for both protocols. */
export function both(executor) {
  return {
    grpc: Object.assign({ exec: 'sendGrpc' }, executor),
    http: Object.assign({ exec: 'sendHttp' }, executor),
  };
}

/** What the gateway itself says that it has received; a run that began with a new gateway can compare. */
export function receivedByGateway() {
  if (!__ENV.ADMIN) return;
  const metrics = http.get(`${__ENV.ADMIN}/q/metrics`).body;
  let sum = 0;
  for (const line of metrics.split('\n')) {
    if (line.startsWith('weir_received_items_total') && line.includes('signal="traces"')) sum += Number(line.split(' ').pop());
  }
  console.log(`received by the gateway: ${sum} spans`);
}
