import type { AddressRule, AllowRuleSource, UrlRule } from '../index.ts';

/** Spellings that were made to slip past a check, each with the rule that must stop it. */
export interface UrlGroup {
  readonly name: string;
  readonly expected: UrlRule | 'allowed';
  readonly method?: string;
  readonly urls: readonly string[];
}

export const RULES: readonly AllowRuleSource[] = [
  { host: 'allowed.com' },
  { host: '*.wild.example' },
  { host: 'api.example.org', pathPrefix: '/v1', methods: ['get', 'POST'] },
  { host: 'files.example.org', pathPrefix: '/public/' },
  { host: 'bücher.example' },
  { host: '93.184.216.34' },
  { host: '2606:4700:4700::1111' },
];

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Every `n` characters long, made of `a`. */
const label = (length: number): string => 'a'.repeat(length);

export const URL_GROUPS: readonly UrlGroup[] = [
  {
    name: 'what was granted',
    expected: 'allowed',
    urls: words(`
      https://allowed.com https://allowed.com/ https://allowed.com/any/path https://allowed.com/?q=1
      https://allowed.com:443/ HTTPS://ALLOWED.COM/ hTTpS://aLLowed.cOM/ https://allowed.com/a%20b
      https://allowed.com/100%25 https://allowed.com/%E4%BD%A0 https://allowed.com/é https://allowed.com/a;b=c
      https://allowed.com/.well-known/x https://allowed.com/... https://allowed.com/a..b https://allowed.com/..a
      https://allowed.com/v1.0/x https://allowed.com/a／b https://allowed.com/?next=https://evil.com/
      https://allowed.com/?a=%2F%2e%2e%2F https://allowed.com/?a=%0d%0a https://allowed.com/#fragment
      https://allowed.com/#@evil.com https://allowed.com?@evil.com https://allowed.com/@evil.com
      https://allowed.com#@evil.com https://allowed.com/?x=1#https://evil.com https://allowed.com//evil.com/
      https://allowed.com/a:b@c https://allowed.com/~user https://allowed.com/%7Euser
      https://x.wild.example/ https://a.b.wild.example/ https://X.WILD.example/ https://wild.wild.example/
      https://under_score.wild.example/ https://bücher.example/ https://BÜCHER.example/
      https://xn--bcher-kva.example/ https://XN--BCHER-KVA.example/ https://bu\u0308cher.example/
      https://93.184.216.34/ https://[2606:4700:4700::1111]/ https://[2606:4700:4700:0:0:0:0:1111]/
      https://[2606:4700:4700:0000::1111]/ https://api.example.org/v1 https://api.example.org/v1/
      https://api.example.org/v1/x https://api.example.org/v1?x=1 https://files.example.org/public/
      https://files.example.org/public/a`),
  },
  {
    name: 'other spellings that come out as a granted host',
    expected: 'allowed',
    urls: words(`
      https://ａllowed.com/ https://ALLOWED。com/ https://allowed．com/ https://allowed｡com/ https://ⓐllowed.com/
      https://𝐚llowed.com/ https://allowed.ⓒom/ https://al\u00adlowed.com/ https://1572395042/
      https://0x5db8d822/ https://93.12113954/ https://0135.0270.0330.042/ https://0x5d.0xb8.0xd8.0x22/
      https://９３.184.216.34/ https://93.184.216.34./ https://[2606:4700:4700::0.0.17.17]/`),
  },
  {
    name: 'user and password',
    expected: 'userinfo',
    urls: words(`
      https://user@allowed.com/ https://user:pass@allowed.com/ https://:pass@allowed.com/ https://@allowed.com/
      https://:@allowed.com/ https://allowed.com@evil.com https://allowed.com:443@evil.com/
      https://evil.com@allowed.com/ https://allowed.com%2f@evil.com/ https://allowed.com%40x@evil.com/
      https://a@b@allowed.com/ https://allowed.com:80@evil.com:443/ https://allowed.com@@evil.com/
      https://allowed.com&@evil.com/ https://allowed.com;@evil.com/ https://x:y:z@allowed.com/
      https://allowed.com@127.0.0.1/ https://allowed.com@[::1]/ https://allowed.com@evil.com#@allowed.com
      https://allowed.com@evil.com?@allowed.com`),
  },
  {
    name: 'other protocols',
    expected: 'scheme',
    urls: words(`
      http://allowed.com/ HTTP://allowed.com/ ftp://allowed.com/ ws://allowed.com/ wss://allowed.com/
      file:///etc/passwd file://allowed.com/etc/passwd gopher://allowed.com:70/_x dict://allowed.com:2628/
      data:text/plain,hello javascript:alert(1) blob:https://allowed.com/1 about:blank view-source:https://allowed.com
      httpss://allowed.com/ xhttps://allowed.com/ https+unix://allowed.com/ unix:/var/run/docker.sock
      jar:https://allowed.com!/ ldap://allowed.com/ mailto:a@allowed.com allowed.com:443/ localhost:443
      netdoc:///etc/passwd git+https://allowed.com/x urn:allowed.com`),
  },
  {
    name: 'not absolute, or with too few slashes',
    expected: 'url-invalid',
    urls: [
      '',
      '/',
      '//allowed.com/',
      'allowed.com',
      'allowed.com/path',
      '?q',
      '#x',
      '://allowed.com',
      '1https://allowed.com/',
      'ｈttps://allowed.com/',
      'httpſ://allowed.com/',
      'https：//allowed.com/',
      'https%3A//allowed.com/',
      'https:allowed.com',
      'https:/allowed.com',
      'https:',
      'https:?allowed.com',
      '\ufeffhttps://allowed.com/',
      '"https://allowed.com/"',
      '<https://allowed.com/>',
    ],
  },
  {
    name: 'characters that parsers drop or repair',
    expected: 'url-invalid',
    urls: [
      ' https://allowed.com/',
      'https://allowed.com/ ',
      '\thttps://allowed.com/',
      'https://allowed.com/\n',
      'ht\ttps://allowed.com/',
      'htt\nps://allowed.com/',
      'https\r://allowed.com/',
      'https:\t//allowed.com/',
      'https:/\t/allowed.com/',
      'https://\tallowed.com/',
      'https://allo\twed.com/',
      'https://allowed.com\t.evil.com/',
      'https://allowed.com\n@evil.com/',
      'https://evil.com\r\nHost: allowed.com/',
      'https://allowed.com/ HTTP/1.1\r\nX: y',
      'https://allowed.com/\0',
      'https://allowed.com\0.evil.com/',
      'https://allowed.com/\x01',
      'https://allowed.com/\x1f',
      'https://allowed.com/\x7f',
      'https://allowed.com/\x85',
      'https://allowed.com/a b',
      'https://allowed.com/?q=a b',
      'https:// allowed.com/',
      'https://allowed.com /',
      'https://allowed.com\u00a0/',
      'https://allowed.com/\u2028',
      'https://allowed.com/\u2029',
      'https://allowed.com/\u3000',
      'https://\u2003allowed.com/',
      'https://allowed.com/\ud800',
      'https://\udfffallowed.com/',
      'https:\\\\allowed.com\\',
      'https:/\\allowed.com/',
      'https:\\/allowed.com/',
      'https://allowed.com\\.evil.com/',
      'https://evil.com\\@allowed.com/',
      'https://allowed.com\\@evil.com/',
      'https://allowed.com/..\\admin',
      'https://allowed.com/v1\\..\\admin',
      'https://allowed.com/?a=\\',
      'https://allowed.com/#\\',
      'https://allowed.com\\',
    ],
  },
  {
    name: 'hosts that are none',
    expected: 'host-invalid',
    urls: [
      ...words(`
        https:// https:/// https:///allowed.com/ https:////allowed.com/ https://?allowed.com https://#allowed.com
        https://:443/ https://. https://.. https://.allowed.com/ https://allowed..com/ https://..allowed.com/
        https://allowed.com./ https://allowed.com../ https://allowed.com。/ https://allowed.com．/
        https://a.wild.example./ https://localhost/ https://LOCALHOST/ https://ⓛocalhost/ https://ｌocalhost/
        https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/ https://localhost:443/ https://localhost./ https://metadata/ https://com/ https://intranet/
        https://allowed%2ecom/ https://allowed.com%00.evil.com/ https://%61llowed.com/ https://allowed.com%2f/
        https://allowed.com%23.evil.com/ https://allowed.com%40evil.com/ https://%6c%6fcalhost/
        https://allowed.com%09/ https://allowed.com%0d%0a/ https://127.0.0.1%2f.allowed.com/ https://%31%32%37.1/
        https://*.wild.example/ https://*/ https://a!b.com/ https://$(id).com/ https://a'b.com/ https://a,b.com/
        https://a;b.com/ https://a=b.com/ https://a&b.com/ https://(a).com/ https://{a}.com/ https://~.com/
        https://a"b.com/ https://a<b.com/ https://a>b.com/ https://a^b.com/ https://a|b.com/
        https://allowed.com＠evil.com/ https://allowed.com／evil/ https://allowed.com？.evil.com/
        https://allowed.com＃.evil.com/ https://allowed.com：443/ https://allowed.com：8443/ https://allowed.com％2f/
        https://allowed.com℀.evil.com/ https://evil.c℀.allowed.com/ 
        https://allowed.com＼evil/ https://xn--a/ https://1.2.3.4.5/
        https://256.1.1.1/ https://1.1.1.256/ https://1.1.256.1/ https://4294967296/ https://0x100000000/
        https://0400.0.0.1/ https://a.1/ https://a.0x1/ https://1.2.3.a.4/ https://1..2/ https://127.0.0.1../
        https://08.0.0.1/ https://0xg.1/ https://127.0.0.1.1/ https://[/ https://[] https://[]/
        https://[::1 https://[::1/ https://[::g]/ https://[1::2::3]/ https://[1:2:3]/ https://[1:2:3:4:5:6:7:8:9]/
        https://[fe80::1%25eth0]/ https://[fe80::1%eth0]/ https://[::1%251]/ https://[127.0.0.1]/
        https://[allowed.com]/ https://[::1]allowed.com/ https://allowed.com[::1]/ https://[::ffff:1.2.3]/
        https://[::ffff:1.2.3.4.5]/ https://[::ffff:256.1.1.1]/ https://[::ffff:0x7f.0.0.1]/ https://[v1.a]/
        https://[12345::1]/ https://::1/ https://[:]/ https://[:::1]/ https://]/`),
      `https://${label(64)}.wild.example/`,
      `https://${label(63)}.${label(63)}.${label(63)}.${label(63)}.wild.example/`,
      `https://${'a.'.repeat(130)}wild.example/`,
      `https://${'ü'.repeat(60)}.wild.example/`,
    ],
  },
  {
    name: 'ports',
    expected: 'port',
    urls: words(`
      https://allowed.com:80/ https://allowed.com:8443/ https://allowed.com:22/ https://allowed.com:0/
      https://allowed.com:65535/ https://allowed.com:65536/ https://allowed.com:99999999/ https://allowed.com:/
      https://allowed.com:0443/ https://allowed.com:+443/ https://allowed.com:-1/ https://allowed.com:443x/
      https://allowed.com:x/ https://allowed.com:443:443/ https://allowed.com:443:80/ https://allowed.com:0x1bb/
      https://allowed.com:４４３/ https://allowed.com:4%343/ https://allowed.com:443.evil.com/ https://allowed.com:443,evil/
      https://[2606:4700:4700::1111]:8443/ https://[::1]:/ https://2606:4700:4700::1111/ https://93.184.216.34:1/
      https://api.example.org:6379/v1 https://evil.com:25/`),
  },
  {
    name: 'hosts that look like a granted one',
    expected: 'host-not-allowed',
    urls: words(`
      https://evil.com https://allowed.com.evil.com https://allowed.comevil.com/ https://evilallowed.com/
      https://allowed.co/ https://allowed.co.m/ https://allowedcom.com/ https://allowed-com.com/ https://xallowed.com/
      https://www.allowed.com/ https://allowed.com.wild.exampl/ https://-allowed.com/ https://allowed.com-.evil.com/
      https://evil.com#@allowed.com https://evil.com?@allowed.com https://evil.com/@allowed.com
      https://evil.com#.allowed.com https://evil.com?.allowed.com https://evil.com/.allowed.com
      https://evil.com//allowed.com https://evil.com/?https://allowed.com
      https://wild.example/ https://evilwild.example/ https://wild.example.evil.com/ https://x.wild.example.com/
      https://x-wild.example/ https://аllowed.com/ https://allоwed.com/ https://αllowed.com/ https://allowеd.com/
      https://al1owed.com/ https://a11owed.com/ https://allowed.соm/ https://ɑllowed.com/ https://àllowed.com/
      https://aIIowed.com/ https://allowed\u0323.com/ https://x.wіld.example/ https://bucher.example/
      https://xn--llowed-4nf.com/ https://xn--bcher-kvb.example/ https://www.bücher.example/ https://bücher.example.org/
      https://allowed.com\u3164.evil.com/ https://93.184.216.35/ https://93.184.216.3/ https://193.184.216.34/
      https://127.0.0.1/ https://2130706433/ https://0177.1/ https://１２７.０.０.１/ https://①②⑦.0.0.1/
      https://[::1]/ https://[2606:4700:4700::1112]/ https://[::ffff:93.184.216.34]/ https://[::93.184.216.34]/
      https://169.254.169.254/latest/meta-data/ https://metadata.google.internal/ https://localhost.evil.com/
      https://sub.localhost/ https://api.example.org.evil.com/v1 https://example.org/v1 https://api-example.org/v1
      https://127.0.0.1.nip.io/ https://allowed.com.127.0.0.1.nip.io/ https://faß.allowed.com/ https://allowed.com⁄evil.example/x
      https://a\u200bb.com/ https://xn--.com/ https://0x.x/`),
  },
  {
    name: 'paths beside the granted prefix',
    expected: 'path-not-allowed',
    urls: words(`
      https://api.example.org https://api.example.org/ https://api.example.org/v10 https://api.example.org/v1x/y
      https://api.example.org/v https://api.example.org/V1 https://api.example.org/v2/v1 https://api.example.org//v1
      https://api.example.org/v1/.. https://api.example.org/v1/../ https://api.example.org/v1/../admin
      https://api.example.org/v1/../../admin https://api.example.org/v1/x/../../admin
      https://api.example.org/v1/./../admin https://api.example.org/v1/%2e%2e/admin
      https://api.example.org/v1/%2E%2E/admin https://api.example.org/v1/.%2e/admin
      https://api.example.org/v1/%2e./admin https://api.example.org/v1/%2e%2E
      https://api.example.org/v1/%2e/%2e%2e/admin https://api.example.org/../v2 https://api.example.org/x/../../v2/v1
      https://api.example.org/v1-admin https://api.example.org/v1.0 https://api.example.org/v1; https://api.example.org/v1;a/x
      https://api.example.org/v1:x https://api.example.org/v1%20/x https://api.example.org/%76%31/x
      https://api.example.org/v1%3fx https://api.example.org/v1%23x https://api.example.org/ｖ1/x
      https://api.example.org/?/v1 https://api.example.org/#/v1 https://api.example.org?/v1/x
      https://files.example.org/public https://files.example.org/publicx https://files.example.org/public/..
      https://files.example.org/public/../private https://files.example.org/public/%2e%2e/private
      https://files.example.org/publi https://files.example.org/x/public/ https://files.example.org/public;/a`),
  },
  {
    name: 'paths inside after all',
    expected: 'allowed',
    urls: words(`
      https://api.example.org/v1/../v1/x https://api.example.org/../v1 https://api.example.org/./v1
      https://api.example.org/%2e%2e/v1/x https://api.example.org/a/../v1/x https://api.example.org/v1//../x
      https://api.example.org/v1/x/.. https://api.example.org/v1/x;y=z https://api.example.org/v1/a%3Bb
      https://files.example.org/public/a/.. https://files.example.org/public/.hidden`),
  },
  {
    name: 'percent-encoding that hides something',
    expected: 'path-encoding',
    urls: words(`
      https://allowed.com/% https://allowed.com/%2 https://allowed.com/%zz https://allowed.com/a%g0
      https://allowed.com/%u002f https://allowed.com/%%32%66 https://allowed.com/100% https://allowed.com/%-1
      https://allowed.com/a%2fb https://allowed.com/a%2Fb https://allowed.com/a%5cb https://allowed.com/a%5Cb
      https://api.example.org/v1%2f..%2fadmin https://api.example.org/v1/..%2fadmin
      https://api.example.org/v1/%2e%2e%2fadmin https://api.example.org/v1/..%5cadmin
      https://api.example.org/v1/..%252fadmin https://api.example.org/v1/%252e%252e/admin
      https://api.example.org/v1/%252e%252e%252fadmin https://api.example.org/v1/..%255cadmin
      https://api.example.org/v1/..%25252fadmin https://api.example.org/v1/%25%32%66
      https://api.example.org/v1/%2500 https://api.example.org/v1/%250a https://api.example.org/v1/%257f
      https://allowed.com/%00 https://allowed.com/a%00.png https://allowed.com/%0a https://allowed.com/%0d%0aX:y
      https://allowed.com/%09 https://allowed.com/%1f https://allowed.com/%7f https://allowed.com/%c2%85
      https://allowed.com/%ff https://allowed.com/%c0%af https://allowed.com/..%c0%afadmin
      https://allowed.com/%c0%ae%c0%ae/admin https://allowed.com/%e0%80%af https://allowed.com/%f0%80%80%af
      https://allowed.com/%c1%9c https://allowed.com/%ed%a0%80 https://allowed.com/%e4 https://allowed.com/%80`),
  },
  {
    name: 'steps upwards in disguise',
    expected: 'path-traversal',
    urls: words(`
      https://api.example.org/v1/..;/admin https://api.example.org/v1/..;a=b/admin https://api.example.org/v1/.;/x
      https://api.example.org/v1/..%3b/admin https://api.example.org/v1/%2e%2e;/admin
      https://api.example.org/v1/%2e%2e%3b/admin https://api.example.org/v1/..%20/admin
      https://api.example.org/v1/..%20 https://api.example.org/v1/..%c2%a0/admin https://api.example.org/v1/.%20/admin
      https://api.example.org/v1/．．/admin https://api.example.org/v1/%ef%bc%8e%ef%bc%8e/admin
      https://api.example.org/v1/..／admin https://api.example.org/v1/..%ef%bc%8fadmin
      https://api.example.org/v1/..＼admin https://api.example.org/v1/․․/admin https://api.example.org/v1/‥/admin
      https://api.example.org/v1/.．/admin https://api.example.org/v1/x／../admin／.. https://api.example.org/v1/..%3f/x
      https://api.example.org/v1/..%23/x https://api.example.org/v1/﹒﹒/x`),
  },
  {
    name: 'a method that was not granted',
    expected: 'method-not-allowed',
    method: 'delete',
    urls: words('https://api.example.org/v1 https://api.example.org/v1/x https://API.example.org/v1/?a'),
  },
  {
    name: 'a granted method in small letters',
    expected: 'allowed',
    method: 'post',
    urls: words('https://api.example.org/v1 https://allowed.com/'),
  },
  ...[
    '',
    ' ',
    'GE T',
    'GET\r\n',
    'GET\0',
    'GÉT',
    'gıt',
    'GET/1',
    'GET:',
    '(GET)',
    label(33),
    'CONNECT',
    'trace',
    'Track',
  ].map((method) => ({
    name: `the method ${JSON.stringify(method)}`,
    expected: 'method-invalid' as const,
    method,
    urls: ['https://allowed.com/'],
  })),
  {
    name: 'longer than a server takes',
    expected: 'url-too-long',
    urls: [
      `https://allowed.com/${label(8192)}`,
      `https://allowed.com/?${label(8192)}`,
      `https://allowed.com/#${label(8192)}`,
      `https://allowed.com/${'é'.repeat(2000)}`,
      `https://${label(9000)}.com/`,
    ],
  },
];

export interface AddressGroup {
  readonly expected: AddressRule | 'public';
  readonly addresses: readonly string[];
}

const of = (expected: AddressRule | 'public', text: string): AddressGroup => ({
  expected,
  addresses: words(text),
});

/** Hosts of URLs that are addresses in one spelling or another; no rule stands in their way, only the address. */
export const LITERAL_HOSTS: readonly AddressGroup[] = [
  of(
    'loopback',
    `127.0.0.1 127.1 127.0.1 127.255.255.254 2130706433 0x7f000001 0x7F.1 0x7f.0x0.0x0.0x1 017700000001 0177.0.0.1
     0177.0.1 00177.1 127.0.0.1. １２７.０.０.１ 127。0。0。1 ①②⑦.0.0.1 𝟏𝟐𝟕.0.0.1 127.0.0.0x1 127.0.0.01 127.0x000001
     [::1] [0:0:0:0:0:0:0:1] [0000:0000:0000:0000:0000:0000:0000:0001] [::0001] [0::1] [::0:1]`,
  ),
  of('unspecified', '0 0.0.0.0 0x0 00 0.0 0.1.2.3 [::] [0::0] [0:0:0:0:0:0:0:0]'),
  of(
    'private',
    `10.0.0.1 10.1 0xa000001 012.0.0.1 167772161 172.16.0.1 172.31.255.255 0xac.0x10.0.1 192.168.0.1 192.168.1
     0xc0.0xa8.0.1 3232235521 0300.0250.1 [fc00::1] [fd12:3456::1] [fec0::1]`,
  ),
  of(
    'metadata',
    `169.254.169.254 2852039166 0xa9fea9fe 0xa9.0xfe.0xa9.0xfe 0251.0376.0251.0376 169.254.43518 169.16689662
     １６９.２５４.１６９.２５４ 169.254.170.2 100.100.100.200 168.63.129.16 192.0.0.192 [fd00:ec2::254] [FD00:EC2::254]
     [fd00:0ec2:0:0::254]`,
  ),
  of('link-local', '169.254.0.1 169.254.1 [fe80::1] [febf::1] [FE80:0::1]'),
  of('carrier-grade-nat', '100.64.0.1 100.127.255.255 0x64.0x40.1 1681915905'),
  of('multicast', '224.0.0.1 239.255.255.255 0xe0000001 [ff02::1] [ff0e::1]'),
  of('broadcast', '255.255.255.255 4294967295 0xffffffff 255.0xffffff'),
  of(
    'embedded-ipv4',
    `[::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:10.0.0.1] [0:0:0:0:0:ffff:a9fe:a9fe] [::ffff:8.8.8.8] [::127.0.0.1]
     [::7f00:1] [::8.8.8.8] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b:1::1] [2002:7f00:1::]
     [2002:a9fe:a9fe::1] [2001:0:7f00:1::1] [2001::1] 192.88.99.1`,
  ),
  of('documentation', '192.0.2.1 198.51.100.1 203.0.113.1 [2001:db8::1] [3fff::1]'),
  of('benchmarking', '198.18.0.1 198.19.255.255 [2001:2::1]'),
  of('reserved', '240.0.0.1 254.255.255.255 192.0.0.1 [100::1] [5f00::1] [2001:10::1] [4000::1] [1::1]'),
  of('public', '8.8.8.8 134744072 0x08080808 010.8.8.8 8.8.2056 [2606:4700:4700::1111] [2a00:1450:4001::]'),
];

/** What a resolver may answer. */
export const ADDRESSES: readonly AddressGroup[] = [
  of(
    'public',
    `1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.216.34 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
     169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0 192.0.3.0 192.88.98.255 192.88.100.0
     192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0
     223.255.255.255 168.63.129.15 168.63.129.17 1.0.0.0 2606:4700::1111 2001:200:: 2001:4860:4860::8888
     2001:db7:ffff::1 2001:db9::1 2003::1 2a00::1 2000::1 3ffe::1 3fff:1000::1 2606:4700:0:0:0:0:1.2.3.4`,
  ),
  of(
    'not-an-address',
    `localhost example.com 127.1 2130706433 0x7f.0.0.1 0177.0.0.1 01.1.1.1 1.2.3 1.2.3.4.5 256.0.0.1 1.2.3.4/32 1.2.3.4:443
     [::1] ::1/128 ::g 1::2::3 1:2:3 ::ffff:256.0.0.1 ::ffff:01.1.1.1 １２７.０.０.１ 127.0.0.1. -1 0x7f000001 %eth0 ::%`,
  ),
  {
    expected: 'not-an-address',
    addresses: ['', ' ', ' 8.8.8.8', '8.8.8.8 ', '8.8.8.8\n', '8.8.8.8\0', '2606:: 1'],
  },
  of('zone-id', 'fe80::1%eth0 fe80::1%1 ::1%lo 2606:4700::1111%eth0 ff02::1%2 ::ffff:8.8.8.8%eth0'),
  of('unspecified', '0.0.0.0 0.0.0.1 0.255.255.255 :: 0:0:0:0:0:0:0:0'),
  of('loopback', '127.0.0.0 127.0.0.1 127.0.0.53 127.255.255.255 ::1 0:0:0:0:0:0:0:1 0000::0001'),
  of(
    'private',
    `10.0.0.0 10.255.255.255 172.16.0.0 172.31.255.255 192.168.0.0 192.168.255.255 fc00:: fdff:ffff::1 FD00::1
     fec0:: feff::1`,
  ),
  of('link-local', '169.254.0.0 169.254.255.255 169.254.169.253 169.254.169.255 fe80:: febf::ffff FE80::1'),
  of(
    'metadata',
    `169.254.169.254 169.254.170.2 169.254.170.23 169.254.0.23 100.100.100.200 192.0.0.192 168.63.129.16
     fd00:ec2::254 fd00:ec2::23 fd20:ce::254 fe80::a9fe:a9fe fd00:ec2:0:0:0:0:0:254`,
  ),
  of('carrier-grade-nat', '100.64.0.0 100.100.100.199 100.127.255.255'),
  of('multicast', '224.0.0.0 232.1.1.1 239.255.255.255 ff00:: ff02::fb ff05::2 ffff::1'),
  of('broadcast', '255.255.255.255'),
  of(
    'documentation',
    `192.0.2.0 192.0.2.255 198.51.100.0 198.51.100.255 203.0.113.0 203.0.113.255 2001:db8:: 2001:db8:ffff::1 3fff::
     3fff:fff:ffff::1`,
  ),
  of('benchmarking', '198.18.0.0 198.19.255.255 2001:2:: 2001:2:0:ffff::1'),
  of(
    'embedded-ipv4',
    `::ffff:0.0.0.0 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:808:808 0:0:0:0:0:ffff:127.0.0.1 ::FFFF:169.254.169.254
     ::2 ::127.0.0.1 ::8.8.8.8 ::808:808 ::ffff:0:8.8.8.8 ::ffff:0:7f00:1 64:ff9b::8.8.8.8 64:ff9b::a9fe:a9fe
     64:ff9b:1::1 64:ff9b:1:ffff::1 2002:: 2002:7f00:1::1 2002:808:808::1 2001:: 2001:0:ffff::1 192.88.99.0
     192.88.99.255`,
  ),
  of(
    'reserved',
    `192.0.0.0 192.0.0.8 192.0.0.170 192.0.0.255 192.31.196.1 192.52.193.1 192.175.48.1 240.0.0.0 247.1.2.3
     255.255.255.254 100:: 100::ffff 100:0:0:1::1 2001:1::1 2001:3::1 2001:4:112::1 2001:10::1 2001:1f::1 2001:20::1
     2001:30::1 2001:1ff::1 2620:4f:8000::1 5f00::1 4000::1 6000::1 8000::1 c000::1 e000::1 f000::1 fe00::1 1::1
     200::1 400::1 64:ff9a::1 64:ff9b:2::1 1fff::1`,
  ),
];
