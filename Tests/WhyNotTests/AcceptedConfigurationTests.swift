import Analysis
import Documents
import TestSupport
import Testing
import WhyNot

/// What istiod accepts and routes is no mistake: configurations of the oracles in which a request arrives have no errors.
@Suite struct AcceptedConfigurationTests {
    @Test(
        "a configuration whose requests arrive has no errors",
        .enabled(if: oracleFolder != nil, "the oracle folder is not here"))
    func accepted() throws {
        let cases = try OracleCases.all(in: try #require(oracleFolder))
        let configurations = Dictionary(grouping: cases, by: \.config)
        #expect(configurations.count > 50)
        for (config, found) in configurations {
            guard let one = found.first else { continue }
            let mesh = one.mesh(config)
            let errors = Analyzer.findings(in: mesh.state.snapshot).filter { $0.diagnostic.severity == .error }
            #expect(errors.isEmpty, "\(one.name): \(errors.map(\.diagnostic.rendered))")
        }
    }
}
