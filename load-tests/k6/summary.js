// What a run came to: on the terminal, as a page, and as JSON for machines.
const OUT = __ENV.OUT || 'target/k6';

function rows(data) {
  return Object.entries(data.metrics)
    .filter(([name]) => !/^(data_|group_|grpc_req_|http_req_|iteration)/.test(name))
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, metric]) => ({
      name,
      values: Object.entries(metric.values)
        .map(([key, value]) => `${key} ${Number.isInteger(value) ? value : value.toFixed(metric.type === 'rate' ? 4 : 2)}`)
        .join(', '),
      thresholds: Object.entries(metric.thresholds || {}).map(([rule, result]) => ({ rule, ok: result.ok })),
    }));
}

const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function page(name, data) {
  const body = rows(data)
    .map((row) => {
      const rules = row.thresholds.map((t) => `<span class="${t.ok ? 'ok' : 'no'}">${t.ok ? '✓' : '✗'} ${escaped(t.rule)}</span>`);
      return `<tr><th>${escaped(row.name)}</th><td>${escaped(row.values)}</td><td>${rules.join('<br>')}</td></tr>`;
    })
    .join('\n');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Weir under k6: ${name}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem;color-scheme:light dark}th,td{text-align:left;padding:.3rem 1rem .3rem 0;
vertical-align:top}th{font-weight:600}.ok{color:#177245}.no{color:#b3261e;font-weight:700}</style>
<h1>${name}: ${passed(data) ? 'passed' : 'failed'}</h1><p>${(data.state.testRunDurationMs / 1000).toFixed(1)} s, up to
${data.metrics.vus_max ? data.metrics.vus_max.values.max : 0} virtual users</p><table>${body}</table></html>\n`;
}

function passed(data) {
  return rows(data).every((row) => row.thresholds.every((threshold) => threshold.ok));
}

export function summary(name) {
  return (data) => {
    const lines = rows(data).map((row) => {
      const rules = row.thresholds.map((t) => `\n    ${t.ok ? '✓' : '✗'} ${t.rule}`).join('');
      return `  ${row.name.padEnd(18)} ${row.values}${rules}`;
    });
    return {
      stdout: `\n${name}: ${passed(data) ? 'passed' : 'FAILED'}\n${lines.join('\n')}\n`,
      [`${OUT}/${name}.html`]: page(name, data),
      [`${OUT}/${name}.json`]: JSON.stringify(data, null, 2),
    };
  };
}
