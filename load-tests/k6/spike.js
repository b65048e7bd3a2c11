// From little to very much within a second, and back: nothing fails, and afterwards it is as quick as before.
import { both, receivedByGateway } from './otlp.js';
import { summary } from './summary.js';

export { sendGrpc, sendHttp } from './otlp.js';

const most = Number(__ENV.RATE || 500);
const quiet = Math.max(1, most / 50);

export const options = {
  scenarios: both({
    executor: 'ramping-arrival-rate',
    preAllocatedVUs: 50,
    maxVUs: 300,
    timeUnit: '1s',
    stages: [
      { target: quiet, duration: '10s' },
      { target: most, duration: '1s' },
      { target: most, duration: __ENV.DURATION || '20s' },
      { target: quiet, duration: '1s' },
      { target: quiet, duration: '20s' },
    ],
  }),
  thresholds: { failed: ['rate==0'], ack: ['med<100', 'p(99)<10000'] },
};

export const teardown = receivedByGateway;
export const handleSummary = summary('spike');
