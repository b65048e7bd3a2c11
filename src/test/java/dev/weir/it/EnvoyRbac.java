package dev.weir.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Envoy's RBAC filter, made of {@code AuthorizationPolicy} documents as istiod makes it (its package
 * {@code security/authz}): one filter that allows what any rule of any ALLOW policy allows and refuses the rest, and one that
 * refuses what any rule of a DENY policy names. What is not known of a document is a fault, so that nothing is left out by
 * accident.
 */
final class EnvoyRbac {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TYPE = "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC";

    private final Map<Integer, Integer> listeners;

    private EnvoyRbac(Map<Integer, Integer> listeners) {
        this.listeners = listeners;
    }

    /**
     * @param listeners on which port of this machine stands what the documents know as another
     * @return the filter as JSON, which is YAML
     */
    static String filter(List<JsonNode> policies, Map<Integer, Integer> listeners) {
        return filter("ALLOW", policies, listeners);
    }

    /** The filter of the policies that deny. */
    static String denying(List<JsonNode> policies, Map<Integer, Integer> listeners) {
        return filter("DENY", policies, listeners);
    }

    private static String filter(String action, List<JsonNode> policies, Map<Integer, Integer> listeners) {
        EnvoyRbac rbac = new EnvoyRbac(listeners);
        ObjectNode entries = JSON.createObjectNode();
        for (JsonNode policy : policies) {
            JsonNode spec = policy.path("spec");
            known(spec, "selector", "targetRefs", "action", "rules");
            if (!spec.path("action").asText("ALLOW").equals(action)) {
                throw new IllegalArgumentException("not " + action + ": " + policy);
            }
            int number = 0;
            for (JsonNode rule : spec.path("rules")) {
                known(rule, "from", "to");
                ObjectNode entry = entries.putObject(Manifests.name(policy) + "-" + number++);
                entry.set("permissions", rbac.permissions(rule.path("to")));
                entry.set("principals", principals(rule.path("from")));
            }
        }
        ObjectNode filter =
                JSON.createObjectNode().put("name", "envoy.filters.http.rbac." + action.toLowerCase(Locale.ROOT));
        filter.putObject("typed_config")
                .put("@type", TYPE)
                .putObject("rules")
                .put("action", action)
                .set("policies", entries);
        return filter.toString();
    }

    private ArrayNode permissions(JsonNode to) {
        ArrayNode any = JSON.createArrayNode();
        for (JsonNode element : to) {
            JsonNode operation = element.path("operation");
            known(operation, "hosts", "ports", "methods", "notMethods", "paths", "notPaths");
            ArrayNode all = JSON.createArrayNode();
            or(all, "or_rules", "rules", operation.path("hosts"), EnvoyRbac::host);
            or(all, "or_rules", "rules", operation.path("ports"), this::port);
            or(all, "or_rules", "rules", operation.path("methods"), EnvoyRbac::method);
            not(all, "not_rule", "or_rules", "rules", operation.path("notMethods"), EnvoyRbac::method);
            or(all, "or_rules", "rules", operation.path("paths"), EnvoyRbac::path);
            not(all, "not_rule", "or_rules", "rules", operation.path("notPaths"), EnvoyRbac::path);
            any.add(and(all, "and_rules", "rules"));
        }
        return orAnything(any);
    }

    private static ArrayNode principals(JsonNode from) {
        ArrayNode any = JSON.createArrayNode();
        for (JsonNode element : from) {
            JsonNode source = element.path("source");
            known(source, "namespaces", "principals", "notRequestPrincipals");
            ArrayNode all = JSON.createArrayNode();
            or(all, "or_ids", "ids", source.path("namespaces"), EnvoyRbac::namespace);
            or(all, "or_ids", "ids", source.path("principals"), id -> authenticated(exact("spiffe://" + id)));
            not(all, "not_id", "or_ids", "ids", source.path("notRequestPrincipals"), EnvoyRbac::token);
            any.add(and(all, "and_ids", "ids"));
        }
        return orAnything(any);
    }

    /** One of the values, if there are any. */
    private static void or(
            ArrayNode all, String key, String list, JsonNode values, Function<String, ObjectNode> matcher) {
        if (!values.isEmpty()) {
            ArrayNode any = JSON.createArrayNode();
            values.forEach(value -> any.add(matcher.apply(value.asText())));
            all.addObject().putObject(key).set(list, any);
        }
    }

    /** None of the values, if there are any. */
    private static void not(
            ArrayNode all, String not, String key, String list, JsonNode values, Function<String, ObjectNode> matcher) {
        ArrayNode any = JSON.createArrayNode();
        or(any, key, list, values, matcher);
        if (!any.isEmpty()) {
            all.addObject().set(not, any.get(0));
        }
    }

    private static ObjectNode and(ArrayNode all, String key, String list) {
        if (all.isEmpty()) {
            return JSON.createObjectNode().put("any", true);
        }
        ObjectNode and = JSON.createObjectNode();
        and.putObject(key).set(list, all);
        return and;
    }

    private static ArrayNode orAnything(ArrayNode any) {
        if (any.isEmpty()) {
            any.addObject().put("any", true);
        }
        return any;
    }

    private ObjectNode port(String port) {
        Integer listener = listeners.get(Integer.valueOf(port));
        if (listener == null) {
            throw new IllegalArgumentException("no listener for port " + port);
        }
        return JSON.createObjectNode().put("destination_port", listener.intValue());
    }

    private static ObjectNode path(String path) {
        ObjectNode permission = JSON.createObjectNode();
        permission.putObject("url_path").set("path", text(path));
        return permission;
    }

    private static ObjectNode method(String method) {
        return header(":method", exact(method));
    }

    private static ObjectNode host(String host) {
        return header(":authority", text(host).put("ignore_case", true));
    }

    /** {@code issuer/subject}, of which the subject may be {@code *}. */
    private static ObjectNode token(String principal) {
        int slash = principal.lastIndexOf('/');
        String subject = principal.substring(slash + 1);
        ObjectNode and = JSON.createObjectNode();
        ArrayNode both = and.putObject("and_ids").putArray("ids");
        both.add(claim("iss", exact(principal.substring(0, slash))));
        both.add(claim("sub", subject.equals("*") ? regex(".+") : exact(subject)));
        return and;
    }

    private static ObjectNode claim(String name, ObjectNode matcher) {
        ObjectNode principal = JSON.createObjectNode();
        ObjectNode metadata = principal.putObject("metadata").put("filter", "envoy.filters.http.jwt_authn");
        metadata.putArray("path").add(key("payload")).add(key(name));
        metadata.putObject("value").set("string_match", matcher);
        return principal;
    }

    private static ObjectNode key(String key) {
        return JSON.createObjectNode().put("key", key);
    }

    /** With a {@code *} at the end, what begins so. */
    private static ObjectNode text(String value) {
        return value.endsWith("*")
                ? JSON.createObjectNode().put("prefix", value.substring(0, value.length() - 1))
                : exact(value);
    }

    private static ObjectNode regex(String regex) {
        ObjectNode matcher = JSON.createObjectNode();
        matcher.putObject("safe_regex").put("regex", regex);
        return matcher;
    }

    private static ObjectNode header(String name, ObjectNode matcher) {
        ObjectNode permission = JSON.createObjectNode();
        permission.putObject("header").put("name", name).set("string_match", matcher);
        return permission;
    }

    private static ObjectNode namespace(String namespace) {
        return authenticated(regex(".*/ns/" + Pattern.quote(namespace) + "/.*"));
    }

    private static ObjectNode authenticated(ObjectNode matcher) {
        ObjectNode principal = JSON.createObjectNode();
        principal.putObject("authenticated").set("principal_name", matcher);
        return principal;
    }

    private static ObjectNode exact(String value) {
        return JSON.createObjectNode().put("exact", value);
    }

    static void known(JsonNode object, String... fields) {
        Set<String> unknown = new TreeSet<>();
        object.fieldNames().forEachRemaining(unknown::add);
        Set.of(fields).forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("not translated: " + unknown + " of " + object);
        }
    }
}
