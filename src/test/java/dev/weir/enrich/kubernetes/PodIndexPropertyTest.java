package dev.weir.enrich.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever happens to pods in whatever order: the index names those that live, as they were last. */
class PodIndexPropertyTest {

    private static final int UIDS = 6;
    private static final int NAMES = 4;
    private static final int ADDRESSES = 4;
    private static final long LATEST = 20;

    /** @param address 0 for none */
    record Event(boolean deleted, int uid, int name, int address, long since) {

        PodFacts facts() {
            String ip = "10.0.0." + address;
            return address == 0
                    ? PodFixture.running("u" + uid, "n" + name, since)
                    : PodFixture.running("u" + uid, "n" + name, since, ip);
        }
    }

    @Property(seed = "20260131", tries = 2000)
    void shouldNameOnlyLivingPodsAsTheyWereLast(@ForAll("events") List<Event> events) {
        PodIndex index = new PodIndex(100);
        index.currentUntil(Long.MAX_VALUE);
        Map<String, PodFacts> living = new HashMap<>();
        for (Event event : events) {
            if (event.deleted()) {
                index.remove("u" + event.uid());
                living.remove("u" + event.uid());
            } else {
                index.put(event.facts());
                living.put("u" + event.uid(), event.facts());
            }
            check(index, living);
        }
        living.keySet().forEach(index::remove);
        check(index, Map.of());
    }

    private static void check(PodIndex index, Map<String, PodFacts> living) {
        assertThat(index.size()).isEqualTo(living.size());
        for (int uid = 0; uid < UIDS; uid++) {
            PodFacts known = living.get("u" + uid);
            assertThat(index.byUid("u" + uid)).isEqualTo(known == null ? null : known.pod());
        }
        for (int name = 0; name < NAMES; name++) {
            Pod pod = index.byName("shop", "n" + name);
            if (pod != null) {
                assertThat(pod).isEqualTo(living.get(pod.uid()).pod());
                assertThat(pod.name()).isEqualTo("n" + name);
            }
        }
        for (int address = 1; address <= ADDRESSES; address++) {
            checkAddress(index, living, "10.0.0." + address);
        }
    }

    private static void checkAddress(PodIndex index, Map<String, PodFacts> living, String ip) {
        for (long seen = 0; seen <= LATEST + 1; seen++) {
            Pod pod = index.byIp(ip, seen);
            if (pod == null) {
                continue;
            }
            PodFacts found = living.get(pod.uid());
            assertThat(found.pod()).isEqualTo(pod);
            assertThat(found.addresses().ips()).contains(ip);
            assertThat(found.addresses().since()).isLessThanOrEqualTo(seen);
            assertThat(living.values())
                    .as("nobody else has had %s as late", ip)
                    .filteredOn(other -> other.addresses().ips().contains(ip)
                            && !other.pod().uid().equals(pod.uid()))
                    .allMatch(other ->
                            other.addresses().since() < found.addresses().since());
        }
    }

    @Provide
    Arbitrary<List<Event>> events() {
        return Combinators.combine(
                        Arbitraries.frequency(Tuple.of(1, true), Tuple.of(3, false)),
                        Arbitraries.integers().between(0, UIDS - 1),
                        Arbitraries.integers().between(0, NAMES - 1),
                        Arbitraries.integers().between(0, ADDRESSES),
                        Arbitraries.longs().between(1, LATEST))
                .as(Event::new)
                .list()
                .ofMaxSize(40);
    }
}
