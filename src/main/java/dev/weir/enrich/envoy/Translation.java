package dev.weir.enrich.envoy;

import dev.weir.enrich.envoy.Row.Fate;
import dev.weir.enrich.envoy.Row.When;
import dev.weir.enrich.envoy.Target.Attributes;
import dev.weir.otlp.AttributeKeys;
import dev.weir.otlp.AttributeSlots;
import dev.weir.otlp.AttributeView.ValueType;
import dev.weir.otlp.AttributeWriter;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
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
    /** Tags of rows that write an attribute which another row writes too, and whether a row is such a one. */
    private final int[] joined;

    private final boolean[] isJoined;
    private final LastTranslation lastOfServers;
    private final LastTranslation lastOfOthers;
    private boolean cut;
    private boolean meshStripped;

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
        isJoined = new boolean[this.rows.length];
        for (int r = 0; r < isJoined.length; r++) {
            isJoined[r] = isJoined(rows, rows.get(r));
        }
        joined = IntStream.range(0, isJoined.length)
                .filter(r -> isJoined[r])
                .flatMap(r -> IntStream.of(tagsOf[r]))
                .toArray();
        lastOfServers = new LastTranslation(isJoined.length);
        lastOfOthers = new LastTranslation(isJoined.length);
    }

    private static boolean isJoined(List<Row> rows, Row row) {
        return rows.stream()
                .anyMatch(other -> other != row && !Collections.disjoint(other.attributes(), row.attributes()));
    }

    /**
     * Says what becomes of the {@code mesh.*} attributes that came with the next spans: true when the caller takes them out,
     * so that they may be written anew; false, as in the beginning, when they stay as they are.
     */
    public void meshStripped(boolean stripped) {
        if (stripped != meshStripped) {
            meshStripped = stripped;
            lastOfServers.forget();
            lastOfOthers.forget();
        }
        target.meshStripped(stripped);
    }

    /**
     * Appends what the tags of a span become: attributes that the span does not have yet, and a status.
     *
     * @param request a scanned request
     * @param tags has read all attributes of one of its spans; the same one each time, made to forget the same keys
     * @param out is added to
     * @param cuts is told of the tags that were replaced, if they are to be taken out
     */
    public void translate(byte[] request, AttributeSlots tags, AttributeWriter out, Cuts cuts) {
        target.begin(tags, out);
        LastTranslation last = target.isServer() ? lastOfServers : lastOfOthers;
        boolean isLike = last.begin(tags, target.kind(), out);
        boolean joinedSame = isLike && isSame(tags, joined);
        if (joinedSame && last.failed()) {
            target.fail();
        }
        for (int r = 0; r < rows.length; r++) {
            if (isLike && (isJoined[r] ? joinedSame : isSame(tags, tagsOf[r]))) {
                if (last.keep(r)) {
                    cuts.cut(tags.fieldStart(tagsOf[r][0]), tags.fieldEnd(tagsOf[r][0]));
                }
            } else {
                last.flush(out);
                last.note(r, isCut(request, r, tags, out, cuts), out);
            }
        }
        last.end(out, target.hasFailed());
        target.end(request);
    }

    private static boolean isSame(AttributeSlots tags, int[] keys) {
        for (int key : keys) {
            if (tags.isChanged(key)) {
                return false;
            }
        }
        return true;
    }

    private boolean isCut(byte[] request, int r, AttributeSlots tags, AttributeWriter out, Cuts cuts) {
        cut = false;
        for (int tag : tagsOf[r]) {
            if (tags.has(tag) && isTranslated(request, r, tag, tags, out, cuts)) {
                break;
            }
        }
        return cut;
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
            cut = true;
        }
        return understood;
    }
}
