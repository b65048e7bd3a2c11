package dev.weir.app;

import dev.weir.batch.BatchConfig;
import dev.weir.enrich.AttributesConfig;
import dev.weir.enrich.MeshConfig;
import dev.weir.enrich.RedactConfig;
import dev.weir.export.ExportConfig;
import dev.weir.export.StoreConfig;
import dev.weir.receive.ReceiveConfig;
import dev.weir.sample.SampleConfig;
import dev.weir.sample.ratio.RatioConfig;
import dev.weir.sample.tail.TailConfig;
import dev.weir.tls.TlsConfig;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** Keeps the methods of the configuration in a native image, where the keys that exist are read from them at start. */
@RegisterForReflection(
        targets = {
            WeirConfig.class,
            ReceiveConfig.class,
            MeshConfig.class,
            RedactConfig.class,
            AttributesConfig.class,
            BatchConfig.class,
            ExportConfig.class,
            StoreConfig.class,
            TlsConfig.class,
            TailConfig.class,
            RatioConfig.class,
            SampleConfig.class
        })
final class ConfigReflection {

    private ConfigReflection() {}
}
