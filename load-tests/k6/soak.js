// Hours of the same: nothing is refused, and answers stay as quick as they were.
import { both, receivedByGateway } from './otlp.js';
import { summary } from './summary.js';

export { sendGrpc, sendHttp } from './otlp.js';

export const options = {
  scenarios: both({
    executor: 'constant-arrival-rate',
    rate: Number(__ENV.RATE || 50),
    timeUnit: '1s',
    duration: __ENV.DURATION || '1h',
    preAllocatedVUs: 10,
    maxVUs: 100,
  }),
  thresholds: { failed: ['rate==0'], refused: ['rate==0'], dropped_iterations: ['count==0'], ack: ['p(99)<200'] },
};

export const teardown = receivedByGateway;
export const handleSummary = summary('soak');
