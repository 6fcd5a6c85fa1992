import Testing

@Suite("CurlCommand") struct CurlCommandTests {}
