package dev.weir.enrich.envoy;

import dev.weir.enrich.envoy.Row.Fate;
import dev.weir.enrich.envoy.Row.When;
import dev.weir.enrich.envoy.Target.Attributes;
import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView.ValueType;
import dev.weir.otlp.AttributeWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Translates Envoy's spans, one after another. For one thread; allocates nothing for a span. */
public final class Translation {

    /** Bytes of a tag; a longer one is not translated. Envoy cuts tags at 256 characters unless told otherwise. */
    static final int LONGEST = 4096;

    private final Row[] rows;
    private final Attributes[] attributes;
    /** Keys of the tags of each row. */
    private final int[][] tagsOf;

    /** Of the rows that recur; null for the others. */
    private final @Nullable RowMemo[] memos;

    private final boolean removeReplaced;
    private final Target target;

    Translation(List<Row> rows, boolean removeReplaced, AttributeKeys keys) {
        this.rows = rows.toArray(Row[]::new);
        this.removeReplaced = removeReplaced;
        attributes =
                rows.stream().map(row -> new Attributes(row.attributes(), keys)).toArray(Attributes[]::new);
        tagsOf = rows.stream()
                .map(row -> row.tags().stream().mapToInt(keys::of).toArray())
                .toArray(int[][]::new);
        memos = rows.stream().map(row -> row.recurs() ? new RowMemo() : null).toArray(RowMemo[]::new);
        target = new Target(keys, new AttributeSlots(keys));
    }

    /**
     * Says what becomes of the {@code mesh.*} attributes that came with the next spans: true when the caller takes them out,
     * so that they may be written anew; false, as in the beginning, when they stay as they are.
     */
    public void meshStripped(boolean stripped) {
        target.meshStripped(stripped);
    }

    /**
     * Appends what the tags of a span become: attributes that the span does not have yet, and a status.
     *
     * @param request a scanned request
     * @param tags has read all attributes of one of its spans
     * @param out is added to
     * @param cuts is told of the tags that were replaced, if they are to be taken out
     */
    public void translate(byte[] request, AttributeSlots tags, AttributeWriter out, Cuts cuts) {
        target.begin(tags, out);
        for (int r = 0; r < rows.length; r++) {
            for (int tag : tagsOf[r]) {
                if (tags.has(tag) && isTranslated(request, r, tag, tags, out, cuts)) {
                    break;
                }
            }
        }
        target.end(request);
    }

    private boolean convert(byte[] request, int r, int from, int to, AttributeWriter out) {
        RowMemo memo = memos[r];
        if (memo == null || !target.isAllFree()) {
            return rows[r].conversion().convert(request, from, to, target);
        }
        if (!memo.has(request, from, to)) {
            int start = out.length();
            boolean understood = rows[r].conversion().convert(request, from, to, target);
            memo.keep(request, from, to, out, start, understood);
            return understood;
        }
        return memo.writeInto(out);
    }

    private boolean isTranslated(byte[] request, int r, int tag, AttributeSlots tags, AttributeWriter out, Cuts cuts) {
        Row row = rows[r];
        if (row.when() == When.SERVER_OR_UPSTREAM && !target.isServer() && !target.isUpstream()
                || tags.value(tag) != ValueType.STRING) {
            return false;
        }
        int from = tags.textStart();
        int to = tags.textEnd();
        if (to - from > LONGEST) {
            return false;
        }
        boolean silent = Texts.isAbsent(request, from, to);
        target.begin(attributes[r]);
        boolean understood = !silent && convert(request, r, from, to, out);
        boolean superfluous =
                silent ? row.fate() != Fate.KEPT : row.fate() == Fate.REPLACED && understood && !target.isRefused();
        if (removeReplaced && superfluous) {
            cuts.cut(tags.fieldStart(tag), tags.fieldEnd(tag));
        }
        return understood;
    }
}
