package dev.weir.enrich;

import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code weir.mesh}: what stands in front of Weir, and what of it may be believed. */
public interface MeshConfig {
    /** Whose word about the sender is taken. */
    @WithDefault("none")
    Kind kind();

    /** Weir's own SPIFFE id: only a sidecar that says it received for this one is believed. With {@code kind: istio}. */
    Optional<String> identity();

    /** SPIFFE ids of waypoints that may stand in front instead of the sidecar. */
    Optional<List<String>> waypoints();

    /** SPIFFE ids of senders that forward for others: what they say of the sender is kept, and what they send is not theirs. */
    Optional<List<String>> relays();

    /** How Envoy's tags become semantic conventions. */
    @WithDefault("dual")
    Dialect dialect();

    /** What becomes of spans that trace the delivery of telemetry to Weir itself. */
    @WithDefault("drop")
    SelfTelemetry selfTelemetry();

    /** Names by which senders call Weir. */
    Optional<List<String>> hosts();

    /** Whether pods are looked up at the Kubernetes API. */
    @WithDefault("auto")
    Kubernetes kubernetes();

    /** Attributes that every resource gets, by name. */
    Map<String, CustomTag> customTags();

    /** A value from exactly one place, as Istio's {@code Telemetry} has them. */
    interface CustomTag {
        /** The value itself. */
        Optional<String> literal();

        /** The name of an environment variable of Weir's. */
        Optional<String> environment();

        /** The name of a header of the request that brought the telemetry. */
        Optional<String> header();

        /** The value when the variable or header is not there; without it there is then no attribute. */
        @WithName("default")
        Optional<String> otherwise();
    }

    /** Which mesh is in front. */
    enum Kind {
        /** None: headers about the sender are not believed. */
        NONE,
        /** Istio, sidecars or waypoints with mutual TLS: {@code x-forwarded-client-cert}. */
        ISTIO,
        /** Linkerd: {@code l5d-client-id}. */
        LINKERD
    }

    /** What is written of Envoy's tags. */
    enum Dialect {
        /** Both: the tags as they came, and the semantic conventions. */
        DUAL,
        /** The semantic conventions; the tags that they replace are taken out. */
        SEMCONV_ONLY,
        /** The tags as they came. */
        OFF
    }

    /** What becomes of Weir's own noise. */
    enum SelfTelemetry {
        DROP,
        KEEP
    }

    /** When pods are looked up. */
    enum Kubernetes {
        /** In a cluster, and only there. */
        AUTO,
        /** Always; outside of a cluster by {@code KUBECONFIG} or {@code ~/.kube/config}. */
        ON,
        /** Never. */
        OFF
    }
}
