"""Sends spans, metric data points and log records with OpenTelemetry's Python SDK.

  send.py grpc|http ENDPOINT COUNT

COUNT spans span-0 … and COUNT log records log-0 …, each with an attribute index, and a counter python.sent that was
incremented COUNT times by two. Ends with 1 when an exporter reports a failure.
"""

import logging
import sys

from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


class Faults(logging.Handler):
    """Collects what the SDK logs: exporters do not raise."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.messages = []

    def emit(self, record):
        self.messages.append(record.getMessage())


def exporters(protocol, endpoint):
    if protocol == "grpc":
        from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
        from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

        return [e(endpoint=endpoint, insecure=True) for e in (OTLPSpanExporter, OTLPMetricExporter, OTLPLogExporter)]
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return [
        OTLPSpanExporter(endpoint=endpoint + "/v1/traces"),
        OTLPMetricExporter(endpoint=endpoint + "/v1/metrics"),
        OTLPLogExporter(endpoint=endpoint + "/v1/logs"),
    ]


def main(protocol, endpoint, count):
    faults = Faults()
    logging.getLogger("opentelemetry").addHandler(faults)
    resource = Resource.create({"service.name": "python-" + protocol})
    spans, metrics, logs = exporters(protocol, endpoint)

    tracing = TracerProvider(resource=resource)
    tracing.add_span_processor(BatchSpanProcessor(spans))
    metering = MeterProvider(resource=resource, metric_readers=[PeriodicExportingMetricReader(metrics)])
    logging_provider = LoggerProvider(resource=resource)
    logging_provider.add_log_record_processor(BatchLogRecordProcessor(logs))

    tracer = tracing.get_tracer("weir.it")
    counter = metering.get_meter("weir.it").create_counter("python.sent")
    log = logging.getLogger("weir.it")
    log.setLevel(logging.INFO)
    log.addHandler(LoggingHandler(logger_provider=logging_provider))
    for i in range(count):
        with tracer.start_as_current_span(f"span-{i}", attributes={"index": i}):
            counter.add(2)
            log.info("log-%d", i, extra={"index": i})

    for provider in (tracing, metering, logging_provider):
        provider.shutdown()
    for message in faults.messages:
        print(message, file=sys.stderr)
    return 1 if faults.messages else 0


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("grpc", "http"):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
