import Documents
import Testing

struct YAMLWriterTests {
    /// Strings on their own: what go-yaml v2 writes for them.
    @Test(
        "strings are quoted only when they have to be",
        arguments: [
            ("abc", "abc"), ("", "\"\""), ("true", "\"true\""), ("y", "\"y\""), ("Off", "\"Off\""), ("10", "\"10\""),
            ("1e3", "\"1e3\""), ("0x10", "\"0x10\""), ("1:1", "\"1:1\""), ("12:30:45", "\"12:30:45\""),
            ("12:61", "12:61"),
            ("2015-02-24T18:19:39Z", "\"2015-02-24T18:19:39Z\""), ("2015-02-24", "\"2015-02-24\""),
            ("2015-02-30", "2015-02-30"),
            ("~", "\"~\""), ("null", "\"null\""), ("-", "'-'"), ("- a", "'- a'"), ("-a", "-a"), ("b: c", "'b: c'"),
            ("b:c", "b:c"),
            ("Hello #comment", "'Hello #comment'"), ("a#b", "a#b"), ("*", "'*'"), ("*.example.com", "'*.example.com'"),
            ("&a", "'&a'"), ("@x", "'@x'"), ("%x", "'%x'"), ("[x", "'[x'"), ("a]b", "a]b"), ("it's", "it's"),
            ("'x'", "'''x'''"),
            ("\"x\"", "'\"x\"'"), ("a ", "'a '"), (" a", "' a'"), ("\u{0}", "\"\\0\""), ("\u{1B}[31m", "\"\\e[31m\""),
            ("tab\there", "\"tab\\there\""), ("你好", "你好"), ("<foo>", "<foo>"), ("a\nb", "|-\n  a\n  b"),
            ("a\nb\n", "|\n  a\n  b"),
            ("http://x/y?z=1", "http://x/y?z=1"), ("outbound|80||a.b", "outbound|80||a.b"), ("=", "="), ("!x", "'!x'"),
        ])
    func strings(text: String, yaml: String) {
        #expect((["v": .string(text)] as JSON).yaml == "v: \(yaml)\n")
    }

    @Test("lists stand at the indent of their key, keys are sorted by number and letter")
    func layout() {
        let value: JSON = [
            "b": [1, ["x": [2, 3], "a": []]], "a10": true, "a9": ["c": ["d": "e"], "f": [:]],
            "list": [[1, 2], "A\nC"],
        ]
        #expect(
            value.yaml == """
                a9:
                  c:
                    d: e
                  f: {}
                a10: true
                b:
                - 1
                - a: []
                  x:
                  - 2
                  - 3
                list:
                - - 1
                  - 2
                - |-
                  A
                  C

                """)
    }

    @Test("keys sort as go-yaml sorts them")
    func keyOrder() {
        let order = [
            "", ".1", ".2", ".a", "1", "2", "a!10", "a/0001", "a/002", "a/3", "a/10", "a/11", "a/0012", "a/100", "a~10",
            "ab/1", "b/1", "b/01", "b/2", "b/02", "b/3", "b/03", "b1", "b01", "b3", "c2.10", "c10.2", "d1", "d7",
            "d7abc",
            "d12", "d12a",
        ]
        var object = JSONObject()
        for key in order.reversed() { object.add(key, 1) }
        let keys = JSON.object(object).yaml.split(separator: "\n").map {
            $0.dropLast(3).filter { $0 != "\"" && $0 != "'" }
        }
        #expect(keys == order)
    }

    @Test("long strings are folded at 80 columns")
    func folding() {
        let words = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 1234567890 "
        #expect(
            (["a": .string(words + words)] as JSON).yaml == """
                a: 'abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 1234567890 abcdefghijklmnopqrstuvwxyz
                  ABCDEFGHIJKLMNOPQRSTUVWXYZ 1234567890 '

                """)
    }

    @Test(
        "numbers are written as Go writes them",
        arguments: [
            (0.1, "0.1"), (1, "1"), (-2.5, "-2.5"), (1e6, "1000000"), (1_234_567.5, "1.2345675e+06"),
            (0.00001, "1e-05"),
            (0.0001, "0.0001"), (.infinity, ".inf"), (-.infinity, "-.inf"),
        ])
    func numbers(number: Double, yaml: String) {
        #expect(JSON.array([.double(number)]).yaml == "- \(yaml)\n")
    }
}
