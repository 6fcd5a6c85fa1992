import Documents
import Testing

struct FieldReaderTests {
    /// Reads an `HTTPRetry`-like mapping and gives all messages.
    private func messages(_ yaml: String, _ read: (inout FieldReader) -> Void) throws -> [String] {
        let sink = DiagnosticSink()
        let root = try #require(DocumentReader.read(yaml, file: "x.yaml").documents.first?.root)
        var fields = FieldReader(root, type: "HTTPRetry", sink: sink)
        read(&fields)
        fields.finish()
        return sink.diagnostics.map(\.rendered)
    }

    @Test("unknown fields are warnings with the nearest name that is known")
    func unknown() throws {
        let found = try messages("attempts: 3\nretryOnn: 5xx\nxyz: 1\nbackof: 1s\n") { fields in
            #expect(fields.int("attempts") == 3)
            #expect(fields.string("retryOn") == nil)
            #expect(fields.string("backoff") == nil)
        }
        #expect(
            found == [
                "x.yaml:2:1: warning: field \"retryOnn\" is not part of HTTPRetry; did you mean \"retryOn\"?",
                "x.yaml:3:1: warning: field \"xyz\" is not part of HTTPRetry",
                "x.yaml:4:1: warning: field \"backof\" is not part of HTTPRetry; did you mean \"backoff\"?",
            ])
    }

    @Test("wrong types are errors at the value")
    func wrongTypes() throws {
        let found = try messages(
            "a: abc\nb: 80\nc: [1]\nd: {x: 1}\ne: 1.5\nf: -1\ng: \"yes\"\nh: [a, 1, b]\ni: {k: 1, l: m}\nj: ~\nk: true\n"
        ) { fields in
            #expect(fields.double("a") == nil)
            #expect(fields.string("b") == nil)
            #expect(fields.string("c") == nil)
            #expect(fields.strings("d") == [])
            #expect(fields.int("e") == nil)
            #expect(fields.uint32("f") == nil)
            #expect(fields.bool("g") == nil)
            #expect(fields.strings("h") == ["a", "b"])
            #expect(fields.stringMap("i") == ["l": "m"])
            #expect(fields.object("j", of: "X") { _ in 1 } == nil)
            #expect(fields.object("k", of: "X") { _ in 1 } == nil)
        }
        #expect(
            found == [
                "x.yaml:1:4: error: field \"a\": expected a number, found the string \"abc\"",
                "x.yaml:2:4: error: field \"b\": expected a string, found the number 80\n  hint: put it in quotes: \"80\"",
                "x.yaml:3:4: error: field \"c\": expected a string, found a list",
                "x.yaml:4:4: error: field \"d\": expected a list, found a mapping",
                "x.yaml:5:4: error: field \"e\": expected a whole number, found the number 1.5",
                "x.yaml:6:4: error: field \"f\": expected a whole number from 0 to 4294967295, found the number -1",
                "x.yaml:7:4: error: field \"g\": expected true or false, found the string \"yes\"",
                "x.yaml:8:8: error: field \"h\": expected a string, found the number 1\n  hint: put it in quotes: \"1\"",
                "x.yaml:9:8: error: field \"k\": expected a string, found the number 1\n  hint: put it in quotes: \"1\"",
                "x.yaml:11:4: error: field \"k\": expected a mapping, found the boolean true",
            ])
    }

    @Test("readers of parts report for their own type, and what is ignored is known")
    func nested() throws {
        let found = try messages("list:\n- {name: a, extra: 1}\n- b\nobject: {naem: c}\nstatus: 1\n") { fields in
            let names = fields.list("list", of: "Port") { $0.string("name") }
            #expect(names == ["a", nil])
            #expect(fields.object("object", of: "Port") { $0.string("name") } == .some(nil))
            fields.ignore("status")
        }
        #expect(
            found == [
                "x.yaml:2:13: warning: field \"extra\" is not part of Port",
                "x.yaml:3:3: error: expected Port to be a mapping, found the string \"b\"",
                "x.yaml:4:10: warning: field \"naem\" is not part of Port; did you mean \"name\"?",
            ])
    }

    @Test("protobuf's spelling takes both names, and numbers in quotes")
    func protobuf() throws {
        let root = try #require(
            DocumentReader.read("{route_config_name: a, statPrefix: b, maxAge: \"12\", size: 3}", file: "x").documents
                .first?.root)
        let sink = DiagnosticSink()
        var fields = FieldReader(root, type: "X", sink: sink, spelling: .protobuf)
        #expect(fields.string("routeConfigName") == "a")
        #expect(fields.string("statPrefix") == "b")
        #expect(fields.int64("maxAge") == 12)
        #expect(fields.uint64("size") == 3)
        fields.finish()
        #expect(sink.diagnostics == [])
    }

    @Test("a mapping with more than 64 fields is read to its end")
    func wide() throws {
        let text = (0..<100).map { "f\($0): \($0)\n" }.joined()
        let found = try messages(text) { fields in
            for number in 0..<100 where number != 5 && number != 90 { #expect(fields.int("f\(number)") == number) }
        }
        #expect(
            found == [
                "x.yaml:6:1: warning: field \"f5\" is not part of HTTPRetry",
                "x.yaml:91:1: warning: field \"f90\" is not part of HTTPRetry",
            ])
    }

    @Test("messages never steer a terminal")
    func controlCharacters() throws {
        let found = try messages("\"a\\e[31m\\u202e\": 1\nname: [\"\\x9b\"]\n") { $0.ignore("name") }
        #expect(found == ["x.yaml:1:1: warning: field \"a\\u{1B}[31m\\u{202E}\" is not part of HTTPRetry"])
        #expect("a\tb\u{7F}\u{2028}\r\n".sanitizedForTerminal == "a\\tb\\u{7F}\\u{2028}\\r\\n")
        #expect("ünïcödé 😀".sanitizedForTerminal == "ünïcödé 😀")
    }

    @Test(
        "the nearest name is near",
        arguments: [
            ("hosst", "hosts"), ("gatways", "gateways"), ("prot", "port"), ("metdata", "metadata"), ("zzz", nil),
            ("Hosts", "hosts"),
        ] as [(String, String?)])
    func nearest(name: String, expected: String?) {
        #expect(nearestName(to: name, among: ["hosts", "gateways", "http", "port", "metadata"]) == expected)
    }
}
