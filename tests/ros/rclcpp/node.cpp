// A node of rclcpp for check_rclcpp.py.
//
// In -> out: `hazards` raises a gas alarm, hears it as hazard, alert and decision, and acknowledges it; `camera` publishes pictures until the agent says
// something of one; `parameters`, `lifecycle` and `services` use the clients of rclcpp; `asker` asks the agent a question and takes another back.
// One JSON object a line on standard output; exit code 1 where nothing came within a minute.
#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "lifecycle_msgs/msg/transition_event.hpp"
#include "lifecycle_msgs/srv/change_state.hpp"
#include "lifecycle_msgs/srv/get_available_transitions.hpp"
#include "lifecycle_msgs/srv/get_state.hpp"
#include "rclcpp/rclcpp.hpp"
#include "rclcpp_action/rclcpp_action.hpp"
#include "sensor_msgs/msg/image.hpp"
#include "std_srvs/srv/set_bool.hpp"
#include "vedette_msgs/action/assess.hpp"
#include "vedette_msgs/msg/alert_array.hpp"
#include "vedette_msgs/msg/assessment.hpp"
#include "vedette_msgs/msg/decision.hpp"
#include "vedette_msgs/msg/gas_reading.hpp"
#include "vedette_msgs/msg/hazard_array.hpp"
#include "vedette_msgs/srv/acknowledge_alert.hpp"

using namespace std::chrono_literals;
using rclcpp::Node;
using Fields = std::map<std::string, std::string>;

namespace
{
constexpr auto kLongest = 60s;
const char kGuardian[] = "/vedette_guardian";

std::string text_of(const std::string & text)
{
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {out += '\\';}
    out += c == '\n' ? ' ' : c;
  }
  return out + '"';
}

void say(const Fields & fields)
{
  std::string line;
  for (const auto & [name, value] : fields) {
    line += (line.empty() ? "{" : ", ") + text_of(name) + ": " + value;
  }
  std::cout << line << "}" << std::endl;
}

std::string number_of(const double value)
{
  std::ostringstream text;
  text << value;
  return text.str();
}

std::string bool_of(const bool value) {return value ? "true" : "false";}

// Spins until `is_there`; `every` runs ten times a second.
void spin(
  const Node::SharedPtr & node, const char * what, const std::function<bool()> & is_there, const std::function<void()> & every = [] {})
{
  rclcpp::executors::SingleThreadedExecutor executor;
  executor.add_node(node);
  const auto end = std::chrono::steady_clock::now() + kLongest;
  auto next = std::chrono::steady_clock::now();
  while (!is_there()) {
    const auto now = std::chrono::steady_clock::now();
    if (now > end) {
      std::cerr << what << ": nothing within a minute" << std::endl;
      std::exit(1);
    }
    if (now >= next) {
      every();
      next = now + 100ms;
    }
    executor.spin_once(20ms);
  }
}

template<typename Future>
auto answer(const Node::SharedPtr & node, const char * what, Future & future)
{
  spin(node, what, [&] {return future.wait_for(0s) == std::future_status::ready;});
  return future.get();
}

template<typename Service>
typename Service::Response::SharedPtr call(
  const Node::SharedPtr & node, const std::string & name, const typename Service::Request & request)
{
  auto client = node->create_client<Service>(name);
  spin(node, name.c_str(), [&] {return client->service_is_ready();});
  auto future = client->async_send_request(std::make_shared<typename Service::Request>(request)).future.share();
  return answer(node, name.c_str(), future);
}

void hazards(const Node::SharedPtr & node)
{
  using vedette_msgs::msg::AlertArray;
  vedette_msgs::msg::HazardArray::ConstSharedPtr array, state;
  vedette_msgs::msg::Decision::ConstSharedPtr stop;
  AlertArray::ConstSharedPtr alerts;
  const auto latched = rclcpp::QoS(1).reliable().transient_local();
  const auto is_gas = [](const auto & list) {return !list.empty() && list.front().kind == "gas_leak";};
  auto a = node->create_subscription<vedette_msgs::msg::HazardArray>(
    "/vedette_guardian/hazards", 10, [&](vedette_msgs::msg::HazardArray::ConstSharedPtr m) {if (is_gas(m->hazards)) {array = m;}});
  auto b = node->create_subscription<AlertArray>(
    "/vedette_guardian/alerts", latched, [&](AlertArray::ConstSharedPtr m) {if (is_gas(m->alerts)) {alerts = m;}});
  auto c = node->create_subscription<vedette_msgs::msg::Decision>(
    "/vedette_guardian/decision", 10, [&](vedette_msgs::msg::Decision::ConstSharedPtr m) {
      if (m->response == vedette_msgs::msg::Decision::RESPONSE_STOP && is_gas(m->hazards)) {stop = m;}
    });
  auto gas = node->create_publisher<vedette_msgs::msg::GasReading>("/gas", rclcpp::SensorDataQoS());
  const auto sniff = [&] {
      vedette_msgs::msg::GasReading reading;
      reading.header.stamp = node->now();
      reading.header.frame_id = "nose";
      reading.gas = "co";
      reading.ppm = 80.0;
      gas->publish(reading);
    };
  spin(node, "hazard, alert and decision of the gas", [&] {return array && alerts && stop;}, sniff);
  const auto id = alerts->alerts.front().id;
  vedette_msgs::srv::AcknowledgeAlert::Request request;
  request.id = id;
  request.by = "rclcpp";
  const auto taken = call<vedette_msgs::srv::AcknowledgeAlert>(node, "/vedette_guardian/acknowledge_alert", request);
  const auto seen = [&] {return alerts->alerts.front().id == id && alerts->alerts.front().is_acknowledged;};
  spin(node, "the acknowledged alert", seen, sniff);
  // Who joins late hears what stands.
  auto d = node->create_subscription<vedette_msgs::msg::HazardArray>(
    "/vedette_guardian/hazard_state", latched, [&](vedette_msgs::msg::HazardArray::ConstSharedPtr m) {state = m;});
  spin(node, "the latched state", [&] {return state && is_gas(state->hazards);}, sniff);
  const auto & hazard = array->hazards.front();
  say({
    {"kind", text_of(hazard.kind)}, {"confidence", number_of(hazard.confidence)}, {"reasons", number_of(static_cast<double>(stop->reasons.size()))},
    {"reason", text_of(stop->reasons.empty() ? "" : stop->reasons.front())}, {"alert", text_of(id)}, {"acknowledged", bool_of(taken->success)},
    {"by", text_of(alerts->alerts.front().acknowledged_by)}, {"state", bool_of(is_gas(state->hazards))}});
}

void camera(const Node::SharedPtr & node)
{
  std::set<std::pair<int32_t, uint32_t>> sent;
  vedette_msgs::msg::Assessment::ConstSharedPtr heard;
  auto subscription = node->create_subscription<vedette_msgs::msg::Assessment>(
    "/vedette_agent/assessment", 10, [&](vedette_msgs::msg::Assessment::ConstSharedPtr m) {heard = m;});
  auto publisher = node->create_publisher<sensor_msgs::msg::Image>("/camera/image_raw", rclcpp::SensorDataQoS());
  spin(node, "an assessment of a picture", [&] {return heard != nullptr;}, [&] {
      sensor_msgs::msg::Image image;
      image.header.stamp = node->now();
      image.header.frame_id = "camera_optical";
      image.height = 240;
      image.width = 320;
      image.encoding = "rgb8";
      image.step = 960;
      image.data.assign(240 * 960, static_cast<uint8_t>(sent.size() * 60));
      sent.emplace(image.header.stamp.sec, image.header.stamp.nanosec);
      publisher->publish(image);
    });
  const bool is_ours = sent.count({heard->header.stamp.sec, heard->header.stamp.nanosec}) == 1;
  say({
    {"camera", text_of(heard->camera)}, {"is_ours", bool_of(is_ours)}, {"verdict", number_of(heard->verdict)}, {"fault", text_of(heard->fault)},
    {"sent", number_of(static_cast<double>(sent.size()))}});
}

void parameters(const Node::SharedPtr & node)
{
  const std::string timeout = "policy.image_timeout_secs", mapping = "node.service_mapping";
  auto client = std::make_shared<rclcpp::AsyncParametersClient>(node, kGuardian);
  spin(node, "the parameter services", [&] {return client->service_is_ready();});
  std::vector<std::string> changed;
  auto events = client->on_parameter_event(
    [&](rcl_interfaces::msg::ParameterEvent::ConstSharedPtr event) {
      for (const auto & parameter : event->changed_parameters) {
        if (event->node == kGuardian) {changed.push_back(parameter.name);}
      }
    });
  auto listed = client->list_parameters({"policy"}, 10);
  const auto names = answer(node, "list_parameters", listed).names;
  auto described = client->describe_parameters({timeout, mapping});
  const auto descriptors = answer(node, "describe_parameters", described);
  auto typed = client->get_parameter_types({timeout, mapping, "no.such"});
  const auto types = answer(node, "get_parameter_types", typed);
  const auto get = [&] {
      auto got = client->get_parameters({timeout});
      const auto values = answer(node, "get_parameters", got);
      return values.size() == 1 && values[0].get_type() == rclcpp::PARAMETER_DOUBLE ? values[0].as_double() : -1.0;
    };
  const double before = get();
  auto set = client->set_parameters({{timeout, 3.25}, {timeout, 1e6}, {timeout, "soon"}, {"no.such", 1}});
  std::string results;
  for (const auto & result : answer(node, "set_parameters", set)) {
    results += bool_of(result.successful) + (result.successful ? " " : "(" + result.reason + ") ");
  }
  const double after = get();
  auto whole = client->set_parameters_atomically({{timeout, 2.0}, {timeout, 1e6}});
  const auto all = answer(node, "set_parameters_atomically", whole);
  const double kept = get();
  // A watcher that is discovered late would miss one change: until it is heard.
  double value = 3.5;
  spin(node, "a parameter event", [&] {return !changed.empty();}, [&] {client->set_parameters({{timeout, value += 0.01}});});
  auto back = client->set_parameters({{timeout, before}});
  answer(node, "set_parameters", back);
  say({
    {"names", number_of(static_cast<double>(names.size()))}, {"before", number_of(before)}, {"after", number_of(after)}, {"kept", number_of(kept)},
    {"from", number_of(descriptors.at(0).floating_point_range.at(0).from_value)}, {"read_only", bool_of(descriptors.at(1).read_only)},
    {"types", text_of(rclcpp::to_string(types.at(0)) + " " + rclcpp::to_string(types.at(1)) + " " + rclcpp::to_string(types.at(2)))},
    {"results", text_of(results)}, {"atomic", bool_of(all.successful)}, {"event", text_of(changed.front())}});
}

void lifecycle(const Node::SharedPtr & node)
{
  using lifecycle_msgs::srv::ChangeState;
  const std::string prefix = kGuardian;
  std::string events, states, results;
  auto subscription = node->create_subscription<lifecycle_msgs::msg::TransitionEvent>(
    prefix + "/transition_event", 10, [&](lifecycle_msgs::msg::TransitionEvent::ConstSharedPtr m) {events += m->goal_state.label + " ";});
  spin(node, "the topic of transitions", [&] {return subscription->get_publisher_count() > 0;});
  const auto transitions = call<lifecycle_msgs::srv::GetAvailableTransitions>(node, prefix + "/get_available_transitions", {});
  const auto state = [&] {return call<lifecycle_msgs::srv::GetState>(node, prefix + "/get_state", {})->current_state.label;};
  states = state() + " ";
  // Deactivate, clean up, activate (which is not open then), configure, activate.
  for (const uint8_t id : {4, 2, 3, 1, 3}) {
    ChangeState::Request request;
    request.transition.id = id;
    results += bool_of(call<ChangeState>(node, prefix + "/change_state", request)->success) + " ";
    states += state() + " ";
  }
  spin(node, "the last transition", [&] {return events.size() > 6 && events.rfind("active ") == events.size() - 7;});
  say({
    {"open", number_of(static_cast<double>(transitions->available_transitions.size()))}, {"states", text_of(states)}, {"results", text_of(results)},
    {"events", text_of(events)}});
}

void services(const Node::SharedPtr & node)
{
  std::string said;
  for (const bool on : {false, true}) {
    std_srvs::srv::SetBool::Request request;
    request.data = on;
    const auto response = call<std_srvs::srv::SetBool>(node, "/vedette_guardian/enable", request);
    said += bool_of(response->success) + " " + response->message + "; ";
  }
  say({{"said", text_of(said)}});
}

void asker(const Node::SharedPtr & node)
{
  using Assess = vedette_msgs::action::Assess;
  auto client = rclcpp_action::create_client<Assess>(node, "/vedette_agent/assess");
  auto pictures = node->create_publisher<sensor_msgs::msg::Image>("/camera/image_raw", rclcpp::SensorDataQoS());
  spin(node, "the action server", [&] {return client->action_server_is_ready() && pictures->get_subscription_count() > 0;});
  size_t feedback = 0;
  rclcpp_action::Client<Assess>::SendGoalOptions options;
  options.feedback_callback = [&](auto, const auto) {++feedback;};
  const auto send = [&](const Assess::Goal & goal) {
      auto future = client->async_send_goal(goal, options);
      return answer(node, "the goal's response", future);
    };
  Assess::Goal goal;
  goal.question = "Is there smoke?";
  const auto show = [&] {
      sensor_msgs::msg::Image image;
      image.header.stamp = node->now();
      image.height = 240;
      image.width = 320;
      image.encoding = "rgb8";
      image.step = 960;
      image.data.assign(240 * 960, 120);
      pictures->publish(image);
    };
  // A question needs a fresh picture; the first ones may not be there yet.
  std::shared_ptr<rclcpp_action::ClientGoalHandle<Assess>> handle;
  for (int i = 0; i < 20 && !handle; ++i) {
    int shown = 0;
    spin(node, "pictures", [&] {return shown >= 3;}, [&] {show(); ++shown;});
    handle = send(goal);
  }
  if (!handle) {
    say({{"accepted", "false"}});
    return;
  }
  auto ended = client->async_get_result(handle);
  spin(node, "the result", [&] {return ended.wait_for(0s) == std::future_status::ready;}, show);
  const auto result = ended.get();
  const auto second = send(goal);
  std::string cancelled = "null";
  int code = -1;
  if (second) {
    auto cancel = client->async_cancel_goal(second);
    cancelled = number_of(static_cast<double>(answer(node, "the cancel response", cancel)->goals_canceling.size()));
    auto end = client->async_get_result(second);
    code = static_cast<int>(answer(node, "the cancelled result", end).code);
  }
  goal.priority = 9;
  const bool is_rejected = !send(goal);
  say({
    {"accepted", "true"}, {"succeeded", bool_of(result.code == rclcpp_action::ResultCode::SUCCEEDED)}, {"feedback", number_of(static_cast<double>(feedback))},
    {"camera", text_of(result.result->assessment.camera)}, {"tokens", number_of(result.result->tokens)}, {"cancelled", cancelled},
    {"is_canceled", bool_of(code == static_cast<int>(rclcpp_action::ResultCode::CANCELED))}, {"is_rejected", bool_of(is_rejected)}});
}
}  // namespace

int main(int argc, char ** argv)
{
  const std::map<std::string, void (*)(const Node::SharedPtr &)> roles = {
    {"hazards", hazards}, {"camera", camera}, {"parameters", parameters}, {"lifecycle", lifecycle}, {"services", services}, {"asker", asker}};
  rclcpp::init(argc, argv);
  const auto role = roles.find(argc > 1 ? argv[1] : "");
  if (role == roles.end()) {
    std::cerr << "usage: node hazards|camera|parameters|lifecycle|services|asker" << std::endl;
    return 2;
  }
  auto node = std::make_shared<Node>("vedette_check_" + role->first);
  role->second(node);
  rclcpp::shutdown();
  return 0;
}
