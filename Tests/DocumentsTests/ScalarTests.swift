import Documents
import Testing

struct ScalarTests {
    /// `sigs.k8s.io/yaml` (go-yaml v2) for untyped values, as JSON prints them.
    @Test(
        "untyped scalars are resolved as Kubernetes resolves them",
        arguments: [
            ("", "null"), ("~", "null"), ("null", "null"), ("Null", "null"), ("NULL", "null"), ("nULL", "\"nULL\""),
            ("true", "true"), ("True", "true"), ("TRUE", "true"), ("tRUE", "\"tRUE\""), ("yes", "true"),
            ("Yes", "true"),
            ("YES", "true"), ("on", "true"), ("On", "true"), ("y", "true"), ("Y", "true"), ("n", "false"),
            ("no", "false"),
            ("off", "false"), ("OFF", "false"), ("oFF", "\"oFF\""), ("False", "false"), ("\"yes\"", "\"yes\""),
            ("'8080'", "\"8080\""), ("0", "0"), ("-0", "0"), ("+5", "5"), ("8080", "8080"), ("1_000", "1000"),
            ("_1", "\"_1\""),
            ("0x1F", "31"), ("-0x1F", "-31"), ("0o17", "15"), ("017", "15"), ("08", "8"), ("0b101", "5"),
            ("-0b101", "-5"),
            ("9223372036854775807", "9223372036854775807"), ("-9223372036854775808", "-9223372036854775808"),
            ("18446744073709551615", "18446744073709551615"), ("18446744073709551616", "18446744073709552000"),
            ("1.5", "1.5"), ("1.", "1"), (".5", "0.5"), ("-.5", "-0.5"), ("1e3", "1000"), ("1E-7", "1e-7"),
            ("1e", "\"1e\""),
            ("1e999", "\"1e999\""), ("1.2.3", "\"1.2.3\""), ("10.0.0.1", "\"10.0.0.1\""),
            ("2001-12-14", "\"2001-12-14\""),
            ("12:30:45", "\"12:30:45\""), ("-", "\"-\""), (".", "\".\""), ("0x", "\"0x\""), ("0b2", "\"0b2\""),
            ("!!str 12", "\"12\""), ("!!int \"12\"", "12"), ("5s", "\"5s\""), ("<=", "\"<=\""),
            ("nothing", "\"nothing\""),
        ])
    func resolution(scalar: String, json: String) throws {
        // In a list, so that an empty one can be written.
        let parsed = DocumentReader.read("- \(scalar)\n- end", file: "s.yaml")
        guard scalar != "-" else { return }
        let root = try #require(parsed.documents.first?.root)
        #expect(root[0]?.json.text() == json)
    }

    @Test("infinities and NaN are numbers")
    func notFinite() throws {
        let root = try #require(DocumentReader.read("[.inf, -.Inf, +.INF, .nan]", file: "s.yaml").documents.first?.root)
        #expect(root[0]?.double == .infinity)
        #expect(root[1]?.double == -.infinity)
        #expect(root[2]?.double == .infinity)
        #expect(root[3]?.double?.isNaN == true)
    }

    @Test("a value is only what its type says")
    func types() throws {
        let root = try #require(
            DocumentReader.read("{a: 1, b: '1', c: 1.0, d: true, e: ~, f: x, g: 18446744073709551615}", file: "s.yaml")
                .documents.first?.root)
        #expect(root["a"]?.int == 1)
        #expect(root["a"]?.double == 1)
        #expect(root["a"]?.string == "1")
        #expect(root["a"]?.strictString == nil)
        #expect(root["b"]?.int == nil)
        #expect(root["b"]?.scalarIsQuoted == true)
        #expect(root["c"]?.int == 1)
        #expect(root["d"]?.bool == true)
        #expect(root["e"]?.isNull == true)
        #expect(root["e"]?.string == nil)
        #expect(root["f"]?.bool == nil)
        #expect(root["g"]?.int == nil)
        #expect(root["g"]?.unsigned == .max)
        #expect(root["h"] == nil)
    }
}
