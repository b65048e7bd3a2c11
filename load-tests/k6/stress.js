// More and more, until it is too much: what cannot be taken is refused so that senders try again, and nothing fails.
import { both, receivedByGateway } from './otlp.js';
import { summary } from './summary.js';

export { sendGrpc, sendHttp } from './otlp.js';

const most = Number(__ENV.RATE || 1000);

export const options = {
  scenarios: both({
    executor: 'ramping-arrival-rate',
    preAllocatedVUs: 50,
    maxVUs: 300,
    timeUnit: '1s',
    stages: [0.1, 0.25, 0.5, 1].map((share) => ({ target: most * share, duration: __ENV.DURATION || '30s' })),
  }),
  // Requests that k6 itself cannot send in time are dropped by it, and are no fault of the gateway's.
  thresholds: { failed: ['rate==0'], ack: ['p(99)<10000'] },
};

export const teardown = receivedByGateway;
export const handleSummary = summary('stress');
