// An ordinary day: the rate rises to 100 requests a second for each protocol, stays, and falls.
import { both, receivedByGateway } from './otlp.js';
import { summary } from './summary.js';

export { sendGrpc, sendHttp } from './otlp.js';

const rate = Number(__ENV.RATE || 100);

export const options = {
  scenarios: both({
    executor: 'ramping-arrival-rate',
    preAllocatedVUs: 20,
    maxVUs: 100,
    timeUnit: '1s',
    stages: [
      { target: rate, duration: '30s' },
      { target: rate, duration: __ENV.DURATION || '2m' },
      { target: 0, duration: '10s' },
    ],
  }),
  thresholds: {
    failed: ['rate==0'],
    refused: ['rate==0'],
    dropped_iterations: ['count==0'],
    ack: ['p(95)<50', 'p(99)<200'],
  },
};

export const teardown = receivedByGateway;
export const handleSummary = summary('load');
