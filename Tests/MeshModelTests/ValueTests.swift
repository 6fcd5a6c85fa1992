import Documents
import MeshModel
import Testing

@Suite struct ValueTests {
    @Test(
        "durations are read as Go reads them",
        arguments: [
            ("0", 0), ("0s", 0), ("1s", 1000), ("1.5s", 1500), ("250ms", 250), ("1m30s", 90_000), ("1h", 3_600_000),
            ("-2s", -2000), ("2s500ms", 2500), (".5s", 500),
        ] as [(String, Int)])
    func durations(text: String, milliseconds: Int) {
        #expect(Duration(goText: text) == .milliseconds(milliseconds))
    }

    @Test("what is no duration is refused", arguments: ["", "1", "s", "1x", "1s2", "--1s", "1.2.3s", "9999999999h"])
    func noDurations(text: String) {
        #expect(Duration(goText: text) == nil)
    }

    @Test(
        "durations are written as protobuf writes them",
        arguments: [
            ("1s", "1s"), ("250ms", "0.250s"), ("1us", "0.000001s"), ("1ns", "0.000000001s"), ("-1.5s", "-1.500s"),
        ]
    )
    func durationTexts(text: String, expected: String) {
        #expect(Duration(goText: text)?.protobufText == expected)
    }

    @Test(
        "timestamps of RFC 3339",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2024-02-29T12:30:45Z", 1_709_209_845),
            ("2024-02-29T13:30:45+01:00", 1_709_209_845),
            ("1969-12-31T23:59:59Z", -1), ("2000-03-01T00:00:00.123456Z", 951_868_800),
        ] as [(String, Int64)])
    func timestamps(text: String, seconds: Int64) throws {
        let time = try #require(CreationTime(rfc3339: text))
        #expect(time == .at(seconds: seconds))
        let written = try #require(time.rfc3339)
        #expect(CreationTime(rfc3339: written) == time)
    }

    @Test(
        "what is no timestamp is refused", arguments: ["", "2024-02-29", "2024-13-01T00:00:00Z", "2024-02-29T12:30:45"])
    func noTimestamps(text: String) {
        #expect(CreationTime(rfc3339: text) == nil)
    }

    @Test("objects without a time come after all others, those of Ingresses before")
    func creationOrder() {
        let times: [CreationTime] = [.unspecified, .at(seconds: 5), .none, .at(seconds: -1)]
        #expect(times.sorted() == [.none, .at(seconds: -1), .at(seconds: 5), .unspecified])
    }

    @Test("base 64 is decoded to what was encoded", arguments: 0..<70)
    func base64(count: Int) {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
        #expect(Base64.decode(Base64.encode(bytes)) == bytes)
    }

    @Test("what is no base 64 is refused", arguments: ["A", "AB=C", "A===", "AA~A"])
    func noBase64(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(
        "label selectors",
        arguments: [
            (LabelSelector(), true),
            (LabelSelector(matchLabels: ["app": "a"]), true),
            (LabelSelector(matchLabels: ["app": "b"]), false),
            (LabelSelector(matchExpressions: [.init(key: "app", operator: .isIn, values: ["x", "a"])]), true),
            (LabelSelector(matchExpressions: [.init(key: "app", operator: .notIn, values: ["a"])]), false),
            (LabelSelector(matchExpressions: [.init(key: "none", operator: .notIn, values: ["a"])]), true),
            (LabelSelector(matchExpressions: [.init(key: "none", operator: .exists)]), false),
            (LabelSelector(matchExpressions: [.init(key: "none", operator: .doesNotExist)]), true),
        ])
    func selectors(selector: LabelSelector, expected: Bool) {
        #expect(selector.selects(["app": "a", "version": "1"]) == expected)
    }
}
