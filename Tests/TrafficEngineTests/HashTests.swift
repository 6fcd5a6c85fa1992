import Testing
import TrafficEngine

@Suite("Hash functions") struct HashTests {
    @Test(
        "xxHash64 gives what Envoy printed",
        arguments: [
            ("h_1", 13_250_394_732_403_759_938), ("ymqlqemyga7_0", 2_900_829_093_544_863_137),
            ("6w.r0rqkgz3eecigsf.z:_0", 6_030_307_828_726_628_316),
            ("cv75fbja5cqa4:8i7e5s6cabcv2sy:-6z_0", 12_903_428_606_736_751_759),
            (
                "-23:r1whm2v7k-ehy9kuf:.-wi6enrner2jvt4t0.75rgp2fhdp84dj-ih6zw2vz:ebneouyaq3cugofreapdedd34alvg7jqanb_0",
                11_603_044_556_960_331_276
            ), ("alice", 8_332_761_332_120_969_289), ("", 17_241_709_254_077_376_921),
        ] as [(String, UInt64)])
    func xxHash(text: String, hash: UInt64) { #expect(XXHash64.hash(Array(text.utf8)) == hash) }

    @Test("several values are hashed one after the other, each seeded with the last")
    func chained() {
        let hash = ["a", "b", "c"].reduce(UInt64(0)) { XXHash64.hash(Array($1.utf8), seed: $0) }
        #expect(hash == 12_230_212_021_142_711_123)
    }

    @Test(
        "MurmurHash2 gives what Envoy printed",
        arguments: [
            ("2_1", 10_151_646_088_564_666_159), ("x.p:hnyle:0_0", 5_172_689_228_461_098_208),
            ("nj3pv0e-7wqrtexqeie4c_0", 8_976_875_908_064_216_025),
            ("xgvdcafkhit:nwr:0-.sn0qm2x.:h4pcv_0", 4_676_092_912_843_648_766),
        ] as [(String, UInt64)])
    func murmur(text: String, hash: UInt64) { #expect(MurmurHash2.hash(Array(text.utf8)) == hash) }

    @Test("mt19937 gives the numbers of its authors")
    func twister() {
        var twister = MersenneTwister(seed: 5489)
        #expect(twister.next() == 3_499_211_612)
        for _ in 0..<9998 { _ = twister.next() }
        #expect(twister.next() == 4_123_659_995)
    }
}
