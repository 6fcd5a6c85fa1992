import TestSupport
import Testing

@testable import Certificates

@Suite("who has signed a certificate")
struct CertificateTrustTests {
    @Test(
        "a chain leads to an authority or it does not",
        arguments: [
            ("direct", ["ours"], true), ("direct", ["other"], false), ("direct", ["other", "ours"], true),
            ("chained", ["ours"], true), ("chained", ["other"], false), ("ours", ["ours"], true),
        ] as [(String, [String], Bool)])
    func leads(chain: String, authorities: [String], expected: Bool) throws {
        let bundle = try authorities.flatMap { try readBytes(casesPath("\($0).pem")) }
        #expect(CertificateTrust.leads(from: try readBytes(casesPath("\(chain).pem")), to: bundle) == expected)
    }

    @Test("a leaf without its intermediate leads nowhere")
    func incomplete() throws {
        let chain = try readText(casesPath("chained.pem"))
        let end = try #require(chain.firstRange(of: "-----END CERTIFICATE-----"))
        let leaf = Array(String(chain[..<end.upperBound]).utf8)
        #expect(CertificateTrust.leads(from: leaf, to: try readBytes(casesPath("ours.pem"))) == false)
    }

    @Test("what is no certificate is not judged", arguments: ["", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
    func unreadable(text: String) throws {
        let ours = try readBytes(casesPath("ours.pem"))
        #expect(CertificateTrust.leads(from: Array(text.utf8), to: ours) == nil)
        #expect(CertificateTrust.leads(from: ours, to: Array(text.utf8)) == nil)
    }
}
