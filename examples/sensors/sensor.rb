# A sensor for Ruby: asks the filter file about strings, and reports those that are bait. See README.md.

require 'digest'
require 'json'
require 'net/http'
require 'openssl'
require 'securerandom'
require 'socket'
require 'uri'

class Sensor
  def initialize(sensor_file, filter_file)
    @told = JSON.parse(File.read(sensor_file))
    data = File.binread(filter_file)
    head = JSON.parse(data[0, 4096])
    @salt = [head['salt']].pack('H*')
    count = head['tags']
    @tags = count.zero? ? [] : data[-8 * count..].unpack('Q<*')
  end

  # Whether the string is bait.
  def knows?(value)
    wanted = Digest::SHA256.digest(@salt + value.b)[0, 8].unpack1('Q<')
    @tags.bsearch { |tag| wanted <=> tag } == wanted
  end

  # Report those of the values ('where' => string) that are bait; whether there were any.
  def look(values, event, facts)
    found = values.select { |_, value| knows?(value.to_s) || knows?(value.to_s.strip.downcase) }
    return false if found.empty?

    report('id' => SecureRandom.hex(16), 'event' => event, 'facts' => facts,
           'found' => found.map { |where, value| { 'where' => where, 'value' => value } })
    true
  end

  # Whether the listener has it on disk.
  def report(report)
    body = JSON.generate(report)
    signature = OpenSSL::HMAC.hexdigest('SHA256', @told['key'], "/report\n#{body}")
    request = Net::HTTP::Post.new('/report', 'Authorization' => "Sensor #{@told['name']}:#{signature}", 'Host' => 'localhost')
    request.body = body
    place = @told['report_to'].first
    return over_unix(place.delete_prefix('unix:'), request) if place.start_with?('unix:')

    address = URI(place)
    Net::HTTP.start(address.host, address.port, use_ssl: address.scheme == 'https', open_timeout: 3) do |http|
      http.request(request).code == '200'
    end
  end

  private

  def over_unix(path, request)
    UNIXSocket.open(path) do |socket|
      io = Net::BufferedIO.new(socket)
      request.exec(io, '1.1', '/report')
      Net::HTTPResponse.read_new(io).code == '200'
    end
  end
end
