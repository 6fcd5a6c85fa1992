import Documents
import TestSupport
import Testing

/// What `export envoy` prints, asked of the real Envoy.
@Suite(
    .enabled(if: Program.path != nil, "the program has not been built"),
    .enabled(if: envoyPath != nil, "there is no Envoy here: MESHTOP_ENVOY, .build/envoy-venv/bin/envoy"))
struct EnvoyExportTests {
    static let samples = [
        "alb/1-install", "alb/2-app", "alb/3-gateway", "alb/4-virtualservice", "alb/5-fixed", "bookinfo", "demo",
        "httpbin",
        "httpbin-gateway-api", "httpbin-gateway-api-wildcard", "httpbin-wildcard", "lb-types/as-written",
        "lb-types/corrected", "lb-types/each-policy",
    ]

    private func validate(_ bootstrap: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(bootstrap, to: "bootstrap.json")
        let checked = try spawn([try #require(envoyPath), "--mode", "validate", "-c", path], timeout: 60)
        #expect(checked.status == 0, "\(checked.errors.split(separator: "\n").suffix(3).joined(separator: "\n"))")
    }

    @Test("Envoy accepts the configuration of every proxy of a sample", arguments: samples)
    func sample(name: String) throws {
        let listed = try Program.run(["proxies", "-f", Program.sample(name), "-o", "json"])
        let proxies = try #require(JSONReader.read(Array(listed.output.utf8), file: "proxies").documents.first?.root)
        #expect(proxies.count > 0)
        for proxy in proxies.elements.prefix(4) {
            let id = "\(proxy["name"]?.string ?? "").\(proxy["namespace"]?.string ?? "")"
            let exported = try Program.run(["export", "envoy", id, "-f", Program.sample(name)])
            #expect(exported.status == 0, "\(exported.errors)")
            try validate(exported.output)
        }
    }

    @Test(
        "what a real Envoy dumped is accepted again", .enabled(if: oracleFolder != nil, "the oracle folder is not here")
    )
    func dump() throws {
        let path = try #require(oracleFolder) + "/envoy-admin/config_dump_include_eds.json"
        let exported = try Program.run(["export", "envoy", "--config-dump", path])
        #expect(exported.errors.contains("terminates TLS and private keys are not exported"))
        #expect(!exported.output.contains("redacted"))
        try validate(exported.output)
    }
}
