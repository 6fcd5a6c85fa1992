import Analysis
import Testing

struct CodeExplanationTests {
    @Test("every code that is given is explained")
    func complete() {
        for code in Set(Analyzer.all.flatMap(\.codes)) {
            #expect(CodeExplanation.of(code) != nil, "\(code)")
        }
    }

    @Test("codes are found in any case, and lead to the page of the project that they are of")
    func lookup() throws {
        let istio = try #require(CodeExplanation.of("ist0145"))
        #expect(istio.title == "ConflictingGateways")
        #expect(istio.page == "https://istio.io/latest/docs/reference/config/analysis/ist0145/")
        #expect(CodeExplanation.of("KIA1104")?.page?.hasSuffix("#kia1104") == true)
        #expect(CodeExplanation.of("MT0121")?.page == nil)
        #expect(CodeExplanation.of("IST9999") == nil)
    }
}
