extension HTTPBin {
    static let teapot = """

            -=[ teapot ]=-

               _...._
             .'  _ _ `.
            | ."` ^ `". _,
            \\_;`"---"`|//
              |       ;/
              \\_     _/
                `\"\"\"`

        """

    static let pageText = """
        <!DOCTYPE html>
        <html>
          <head>
          </head>
          <body>
              <h1>A page</h1>
              <div>
                <p>This page is what /html answers.</p>
              </div>
          </body>
        </html>

        """

    static let xmlText = """
        <?xml version='1.0' encoding='us-ascii'?>
        <slideshow title="Sample Slide Show">
          <slide type="all">
            <title>Overview</title>
          </slide>
        </slideshow>

        """

    static let jsonText = """
        {
          "slideshow": {
            "slides": [
              {
                "title": "Overview",
                "type": "all"
              }
            ],
            "title": "Sample Slide Show"
          }
        }

        """
}

/// RFC 4648, as much as httpbin's paths need.
enum Base64 {
    static func decoded(_ text: String) -> String? {
        var bytes: [UInt8] = []
        var bits: UInt32 = 0
        var count = 0
        for character in text.utf8 {
            let value: UInt32
            switch character {
            case 65...90: value = UInt32(character) - 65
            case 97...122: value = UInt32(character) - 71
            case 48...57: value = UInt32(character) + 4
            case 43, 45: value = 62
            case 47, 95: value = 63
            case 61: continue
            default: return nil
            }
            bits = (bits << 6 | value) & 0xFF_FFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
