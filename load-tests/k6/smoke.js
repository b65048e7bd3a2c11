// Does it work at all: two virtual users for each protocol, for seconds. Nothing is refused.
import { both, receivedByGateway } from './otlp.js';
import { summary } from './summary.js';

export { sendGrpc, sendHttp } from './otlp.js';

export const options = {
  scenarios: both({ executor: 'constant-vus', vus: 2, duration: __ENV.DURATION || '5s' }),
  thresholds: {
    failed: ['rate==0'],
    refused: ['rate==0'],
    checks: ['rate==1'],
    ack: ['p(99)<1000'],
    spans_accepted: ['count>0'],
  },
};

export const teardown = receivedByGateway;
export const handleSummary = summary('smoke');
