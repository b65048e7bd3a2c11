package dev.weir.sample.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A piece of YAML that knows where it stands. */
final class YamlNode {

    /** YAML that cannot be read. */
    static final class BadYamlException extends Exception {
        private static final long serialVersionUID = 1L;

        final int line;
        final int column;

        BadYamlException(int line, int column, String message) {
            super(message);
            this.line = line;
            this.column = column;
        }
    }

    enum Kind {
        TEXT,
        NUMBER,
        /** {@code true}; {@code yes} and {@code on} too, whose text is what is written. */
        TRUE,
        FALSE,
        NOTHING,
        LIST,
        MAP
    }

    private static final int MAX_DEPTH = 64;
    private static final YAMLFactory FACTORY = new YAMLFactory();

    final Kind kind;
    final int line;
    final int column;
    /** Of a scalar, as it is written, without quotes. */
    final String text;

    final List<YamlNode> items = new ArrayList<>();
    final Map<String, YamlNode> entries = new LinkedHashMap<>();

    private YamlNode(Kind kind, int line, int column, String text) {
        this.kind = kind;
        this.line = line;
        this.column = column;
        this.text = text;
    }

    /** The first document; null when it is empty. */
    static @Nullable YamlNode parse(String yaml) throws BadYamlException {
        try (YAMLParser parser = FACTORY.createParser(yaml)) {
            JsonToken token = parser.nextToken();
            return token == null ? null : read(parser, token, 0);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            String[] lines = e.getOriginalMessage().strip().split("\n", -1);
            throw new BadYamlException(
                    at == null ? 0 : at.getLineNr(), at == null ? 0 : at.getColumnNr(), "is not YAML: " + lines[0]);
        } catch (IOException | RuntimeException e) {
            throw new BadYamlException(
                    0, 0, "is not YAML: " + String.valueOf(e.getMessage()).split("\n", -1)[0]);
        }
    }

    private static YamlNode read(YAMLParser parser, JsonToken token, int depth) throws IOException, BadYamlException {
        var at = parser.currentTokenLocation();
        int line = at.getLineNr();
        int column = at.getColumnNr();
        if (depth > MAX_DEPTH) {
            throw new BadYamlException(line, column, "is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (parser.isCurrentAlias()) {
            throw new BadYamlException(line, column, "aliases (*name) are not supported here, write it out");
        }
        return switch (token) {
            case START_ARRAY -> {
                YamlNode list = new YamlNode(Kind.LIST, line, column, "");
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    list.items.add(read(parser, next, depth + 1));
                }
                yield list;
            }
            case START_OBJECT -> {
                YamlNode map = new YamlNode(Kind.MAP, line, column, "");
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_OBJECT; next = parser.nextToken()) {
                    var keyAt = parser.currentTokenLocation();
                    String key = parser.currentName();
                    YamlNode value = read(parser, parser.nextToken(), depth + 1);
                    if (map.entries.putIfAbsent(key, value) != null) {
                        throw new BadYamlException(
                                keyAt.getLineNr(), keyAt.getColumnNr(), "key '" + key + "' is there twice");
                    }
                }
                yield map;
            }
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new YamlNode(Kind.NUMBER, line, column, parser.getText());
            case VALUE_TRUE -> new YamlNode(Kind.TRUE, line, column, parser.getText());
            case VALUE_FALSE -> new YamlNode(Kind.FALSE, line, column, parser.getText());
            case VALUE_NULL -> new YamlNode(Kind.NOTHING, line, column, "");
            default -> new YamlNode(Kind.TEXT, line, column, parser.getText());
        };
    }

    boolean isTruth() {
        return kind == Kind.TRUE || kind == Kind.FALSE;
    }

    boolean isScalar() {
        return kind == Kind.TEXT || kind == Kind.NUMBER || isTruth();
    }

    /** What it is, for messages. */
    String described() {
        return switch (kind) {
            case LIST -> "a list";
            case MAP -> "a map";
            case NOTHING -> "nothing";
            default -> "'" + (text.length() > 80 ? text.substring(0, 80) + "…" : text) + "'";
        };
    }
}
