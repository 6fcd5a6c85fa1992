import Documents
import Testing

@testable import Certificates

struct CertificateTests {
    @Test(
        "base64 of every length, and what is none",
        arguments: [
            ("", []), ("TQ==", [77]), ("TWE=", [77, 97]), ("TWFu", [77, 97, 110]), ("TQ", [77]), ("_-8=", [255, 239]),
            ("T WFu\n", [77, 97, 110]), ("T", nil), ("!", nil), ("TQ==TQ==", nil),
        ] as [(String, [UInt8]?)])
    func base64(text: String, bytes: [UInt8]?) { #expect(Base64.decode(text) == bytes) }

    @Test(
        "times in UTC",
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (1_998_704_493, "2033-05-03T03:41:33Z"), (951_782_400, "2000-02-29T00:00:00Z"),
            (-1, "1969-12-31T23:59:59Z"), (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] as [(Int64, String)])
    func times(seconds: Int64, text: String) { #expect(CertificateFacts.text(ofTime: seconds) == text) }

    @Test(
        "what is no certificate is none",
        arguments: ["", "x", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
    func unreadable(pem: String) { #expect(CertificateFacts(pem: Array(pem.utf8)) == nil) }
}
